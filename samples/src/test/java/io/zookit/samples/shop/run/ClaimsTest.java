package io.zookit.samples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.shop.CallTotals;
import io.zookit.samples.shop.DemoClaim;
import io.zookit.samples.shop.RollingRestart;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimsTest {

  private static final CallTotals RESTARTED = new CallTotals(700, 0, 0);
  private static final Optional<Duration> FAILOVER = Optional.of(Duration.ofMillis(4312));

  @Test
  void all_goodRun_isFourLinesThatHold() {
    Claims claims = new Claims(1200, 0, 0, 1, FAILOVER, 0).with(RollingRestart.claim(RESTARTED));

    assertThat(claims.all())
        .extracting(DemoClaim::text)
        .containsExactly(
            "stock: orders=1200 oversold=0 lost-updates=0",
            "fencing: stale-writes-refused=1 (≥ 1)",
            "registry: failover-ms=4312 wrong-calls-after=0",
            "rolling-restart: calls=700 failed=0");
    assertThat(claims.hold()).isTrue();
    assertThat(ResultPrinter.result(claims, true)).isEqualTo("all claims hold");
  }

  @Test
  void hold_anyFigureOff_isFalse() {
    assertThat(new Claims(0, 0, 0, 1, FAILOVER, 0).hold()).isFalse();
    assertThat(new Claims(9, 1, 0, 1, FAILOVER, 0).hold()).isFalse();
    assertThat(new Claims(9, 0, 1, 1, FAILOVER, 0).hold()).isFalse();
    assertThat(new Claims(9, 0, 0, 0, FAILOVER, 0).hold()).isFalse();
    assertThat(new Claims(9, 0, 0, 1, Optional.empty(), 0).hold()).isFalse();
    assertThat(new Claims(9, 0, 0, 1, FAILOVER, 1).hold()).isFalse();
    CallTotals failed = new CallTotals(700, 1, 0);
    assertThat(RollingRestart.claim(failed).holds()).isFalse();
    assertThat(RollingRestart.claim(new CallTotals(0, 0, 0)).holds()).isFalse();
  }

  @Test
  void hold_aClaimOfAnotherSceneOff_isFalse() {
    Claims good = new Claims(9, 0, 0, 1, FAILOVER, 0);

    assertThat(good.with(new DemoClaim("other", true, "other: 0")).hold()).isTrue();
    assertThat(good.with(new DemoClaim("other", false, "other: 1")).hold()).isFalse();
    assertThat(good.with(new DemoClaim("other", false, "other: 1")).all())
        .extracting(DemoClaim::text)
        .endsWith("other: 1")
        .hasSize(4);
  }

  @Test
  void result_brokenClaims_areNamed() {
    Claims claims = new Claims(1207, 7, 7, 0, Optional.empty(), 0);

    assertThat(ResultPrinter.result(claims, true)).isEqualTo("broken: stock, fencing, registry");
    assertThat(ResultPrinter.result(claims, false)).endsWith("(control: the fence was left open)");
    assertThat(claims.all())
        .extracting(DemoClaim::text)
        .contains("registry: failover-ms=never wrong-calls-after=0");
  }

  @Test
  void summary_anyRun_saysWhatWasShownAndWhatToTryNext() {
    Claims good = new Claims(1200, 0, 0, 1, FAILOVER, 0);
    Claims lossy = new Claims(1207, 7, 5, 0, FAILOVER, 0);

    assertThat(ResultPrinter.summary(good, true))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("proven: 1200 orders, none lost or sold twice"),
            line -> assertThat(line).startsWith("next:").contains("zookit demo --unfenced"));
    assertThat(ResultPrinter.summary(lossy, true))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("not proven: ");
    assertThat(ResultPrinter.summary(lossy, false))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("shown: 5 updates were lost"),
            line -> assertThat(line).startsWith("next:").contains("zookit demo,"));
  }
}
