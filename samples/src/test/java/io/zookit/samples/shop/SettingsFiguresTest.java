package io.zookit.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsFiguresTest {

  private static final Optional<Duration> BACK = Optional.of(Duration.ofMillis(38));

  @Test
  void claim_goodRun_holds() {
    DemoClaim claim = new SettingsFigures(23, 1, BACK).claim(0);

    assertThat(claim.text())
        .isEqualTo("config: releases=23 torn-reads=0 gray-matched=1 rollback-ms=38");
    assertThat(claim.name()).isEqualTo("config");
    assertThat(claim.holds()).isTrue();
  }

  @Test
  void claim_anyFigureOff_doesNotHold() {
    assertThat(SettingsFigures.NONE.claim(0).holds()).isFalse();
    assertThat(new SettingsFigures(0, 1, BACK).claim(0).holds()).isFalse();
    assertThat(new SettingsFigures(23, 1, BACK).claim(1).holds()).isFalse();
    assertThat(new SettingsFigures(23, 2, BACK).claim(0).holds()).isFalse();
    assertThat(new SettingsFigures(23, 0, BACK).claim(0).holds()).isFalse();
    assertThat(new SettingsFigures(23, 1, Optional.empty()).claim(0).text())
        .endsWith("rollback-ms=never");
  }
}
