package io.zookit.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnconfirmedOrdersTest {

  @Test
  void of_failuresOfEachCause_areToldApart() {
    List<ReportedEvent> events = Stream.concat(
            Stream.of("409", "503", "503", "NoInstanceException", "504", "HttpTimeoutException")
                .map(cause -> ShopEvent.of(Kind.FAILED).with("cause", cause)),
            Stream.of(ShopEvent.of(Kind.ACKNOWLEDGED).with("order", "a")))
        .map(UnconfirmedOrdersTest::logged)
        .toList();

    UnconfirmedOrders orders = UnconfirmedOrders.of(events, Set.of("a", "b"));

    assertThat(orders).isEqualTo(new UnconfirmedOrders(1, 3, 2, 1));
    assertThat(orders.explain())
        .containsExactly(
            "4 orders failed and sold nothing: 3 got no lock, number or service in time, 1 were refused"
                + " by the store",
            "2 orders are unknown, as no answer came in time; 1 orders are recorded without a"
                + " confirmation");
  }

  @Test
  void explain_everyOrderConfirmed_isEmpty() {
    List<ReportedEvent> events =
        List.of(logged(ShopEvent.of(Kind.ACKNOWLEDGED).with("order", "a")));

    assertThat(UnconfirmedOrders.of(events, Set.of("a")).explain()).isEmpty();
  }

  private static ReportedEvent logged(ShopEvent event) {
    return new ReportedEvent(Duration.ZERO, "load", event);
  }
}
