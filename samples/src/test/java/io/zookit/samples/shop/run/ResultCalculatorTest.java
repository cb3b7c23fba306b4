package io.zookit.samples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.shop.ArticleStock;
import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResultCalculatorTest {

  private static final Duration KILL = Duration.ofSeconds(1);
  private static final Optional<Duration> FAILOVER = Optional.of(Duration.ofMillis(4300));

  private final List<ReportedEvent> told = new ArrayList<>();

  @Test
  void claims_everyPieceAccountedFor_hold() {
    tell(0, "load", ShopEvent.of(Kind.ACKNOWLEDGED).with("order", "a"));
    tell(1, "inventory-1", ShopEvent.of(Kind.REFUSED).with("operation", "write"));
    tell(2, "inventory-1", ShopEvent.of(Kind.REFUSED).with("operation", "read"));

    Claims claims = new ResultCalculator(told)
        .claims(List.of(new ArticleStock("sku-1", 10, 8, 2)), Set.of("a", "b"), FAILOVER);

    assertThat(claims).isEqualTo(new Claims(2, 0, 0, 1, FAILOVER, 0));
    assertThat(claims.hold()).isTrue();
  }

  @Test
  void claims_pieceWrittenOver_isALostUpdate() {
    assertThat(claimsOf(new ArticleStock("sku-1", 10, 9, 3)).lostUpdates()).isEqualTo(2);
    assertThat(claimsOf(new ArticleStock("sku-1", 10, 5, 3)).lostUpdates()).isEqualTo(2);
  }

  @Test
  void claims_lossesOfTwoArticles_doNotCancelOut() {
    Claims claims =
        claimsOf(new ArticleStock("sku-1", 10, 9, 3), new ArticleStock("sku-2", 10, 5, 3));

    assertThat(claims.lostUpdates()).isEqualTo(4);
  }

  @Test
  void claims_moreOrdersThanPieces_isOversold() {
    Claims claims = claimsOf(new ArticleStock("sku-1", 10, 0, 13));

    assertThat(claims.oversold()).isEqualTo(3);
    assertThat(claims.lostUpdates()).isEqualTo(3);
    assertThat(claims.hold()).isFalse();
  }

  @Test
  void claims_acknowledgedOrderThatIsNotRecorded_isALostUpdate() {
    tell(0, "load", ShopEvent.of(Kind.ACKNOWLEDGED).with("order", "a"));
    tell(0, "load", ShopEvent.of(Kind.ACKNOWLEDGED).with("order", "b"));

    Claims claims = new ResultCalculator(told)
        .claims(List.of(new ArticleStock("sku-1", 10, 9, 1)), Set.of("a"), FAILOVER);

    assertThat(claims.lostUpdates()).isEqualTo(1);
  }

  @Test
  void claims_callToADroppedInstance_breaksTheRegistryClaim() {
    tell(0, "orders-1", ShopEvent.of(Kind.WRONG_CALL).with("instance", "inventory-1"));

    assertThat(claimsOf(new ArticleStock("sku-1", 10, 9, 1)).wrongCalls()).isEqualTo(1);
  }

  @Test
  void failover_severalCallers_isTheTimeOfTheLast() {
    drop(4000, "orders-1", "inventory-1");
    drop(5300, "orders-2", "inventory-1");

    assertThat(failover()).isEqualTo(FAILOVER);
  }

  @Test
  void failover_callerThatHasNotDropped_isOpen() {
    drop(4000, "orders-1", "inventory-1");
    drop(4500, "orders-2", "inventory-2");
    drop(500, "orders-2", "inventory-1");

    assertThat(failover()).isEmpty();
  }

  private Optional<Duration> failover() {
    return new ResultCalculator(told)
        .failover("inventory-1", KILL, List.of("orders-1", "orders-2"));
  }

  private Claims claimsOf(ArticleStock... stock) {
    return new ResultCalculator(told).claims(List.of(stock), Set.of("a"), FAILOVER);
  }

  private void drop(long millis, String who, String instance) {
    tell(millis, who, ShopEvent.of(Kind.DROPPED).with("instance", instance));
  }

  private void tell(long millis, String who, ShopEvent event) {
    told.add(new ReportedEvent(Duration.ofMillis(millis), who, event));
  }
}
