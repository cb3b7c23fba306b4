package io.zookit.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

class ZxidWatermarkTest {

  private final AtomicInteger regressions = new AtomicInteger();
  private final ZxidWatermark watermark = new ZxidWatermark(regressions::incrementAndGet);

  @Test
  void seen_lowerAndHigher_keepsTheHighestOfBothNumbers() {
    watermark.seen(stat(5, 9));
    watermark.seen(stat(7, 7));
    assertThat(watermark.mark().highest()).isEqualTo(9);
    watermark.seen(stat(12, 0));
    assertThat(watermark.mark().highest()).isEqualTo(12);
  }

  @Test
  void created_greaterThanAllSeenWhenSent_isFineAndCounts() {
    watermark.seen(stat(5, 5));
    watermark.created(6, watermark.mark());
    assertThat(regressions).hasValue(0);
    assertThat(watermark.mark().highest()).isEqualTo(6);
  }

  @Test
  void created_equalOrLower_isARegression() {
    watermark.seen(stat(5, 5));
    watermark.created(5, watermark.mark());
    watermark.created(4, watermark.mark());
    assertThat(regressions).hasValue(2);
    assertThat(watermark.mark().highest()).isEqualTo(5);
  }

  @Test
  void created_overtakenByWhatWasSeenLater_isFine() {
    watermark.seen(stat(5, 5));
    ZxidWatermark.ZxidMark sent = watermark.mark();
    watermark.seen(stat(9, 9));
    watermark.created(7, sent);
    assertThat(regressions).hasValue(0);
    assertThat(watermark.mark().highest()).isEqualTo(9);
  }

  @Test
  void restart_lowerNumbersAfterIt_areFine() {
    watermark.seen(stat(500, 500));
    watermark.restart();
    watermark.created(3, watermark.mark());
    assertThat(regressions).hasValue(0);
    watermark.created(3, watermark.mark());
    assertThat(regressions).hasValue(1);
  }

  @Test
  void restart_whileACreateIsUnderWay_itsLowNumberIsNoRegression() {
    watermark.seen(stat(500, 500));
    ZxidWatermark.ZxidMark sent = watermark.mark();
    watermark.restart();
    watermark.created(3, sent);
    assertThat(regressions).hasValue(0);
  }

  @Test
  void seen_manyThreads_losesNothing() {
    IntStream.range(1, 20_000).parallel().forEach(i -> watermark.seen(stat(i, 0)));
    assertThat(watermark.mark().highest()).isEqualTo(19_999);
  }

  private static Stat stat(long czxid, long mzxid) {
    Stat stat = new Stat();
    stat.setCzxid(czxid);
    stat.setMzxid(mzxid);
    return stat;
  }
}
