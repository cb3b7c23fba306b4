package io.zookit.registry.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PhiDetectorTest {

  @Test
  void phi_regularBeats_growsWithTheSilenceOnly() {
    PhiDetector detector = new PhiDetector(1_000);
    for (int i = 0; i <= 50; i++) {
      detector.beat(i * 1_000L);
    }
    assertThat(detector.phi(50_000)).isZero();
    assertThat(detector.phi(51_000)).isLessThan(1);
    assertThat(detector.phi(51_300)).isBetween(1.0, 8.0);
    assertThat(detector.phi(53_000)).isGreaterThan(8);
    assertThat(detector.phi(900_000)).isEqualTo(300);
  }

  @Test
  void phi_irregularBeats_isMorePatient() {
    PhiDetector steady = new PhiDetector(1_000);
    PhiDetector loose = new PhiDetector(1_000);
    long at = 0;
    for (int i = 0; i < 60; i++) {
      steady.beat(i * 1_000L);
      at += i % 2 == 0 ? 400 : 1_600;
      loose.beat(at);
    }
    assertThat(loose.phi(at + 2_500)).isLessThan(8).isLessThan(steady.phi(59_000 + 2_500));
  }

  @Test
  void restart_afterAPause_countsNothingAgainstIt() {
    PhiDetector detector = new PhiDetector(1_000);
    assertThat(detector.phi(99)).isZero();
    detector.beat(0);
    detector.restart(100_000);
    assertThat(detector.phi(100_500)).isLessThan(1);
    detector.beat(50_000);
    assertThat(detector.phi(100_500)).isLessThan(1);
  }

  @Test
  void outlier_farAboveTheOthers_isFound() {
    OutlierRule rule = OutlierRule.STANDARD;
    assertThat(rule.isOutlier(0.7, List.of(0.0, 0.05, 0.0, 0.0))).isTrue();
    assertThat(rule.isOutlier(0.5, List.of(0.0, 0.05, 0.0, 0.0))).isFalse();
    assertThat(rule.isOutlier(0.9, List.of(0.5, 0.6, 0.55, 0.7))).isFalse();
    assertThat(rule.isOutlier(0.9, List.of(0.0))).isFalse();
  }
}
