package io.zookit.samples.shop;

import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.http.ServiceReply;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Numbers of orders that were not confirmed to their customers.
 *
 * @param refused by the store, because the lock had a newer owner
 * @param turnedAway before anything was sold: no lock, no number, no instance in time
 * @param unknown without an answer that says whether they were recorded
 * @param recorded orders in the database that no customer has a confirmation of
 */
public record UnconfirmedOrders(long refused, long turnedAway, long unknown, long recorded) {

  private static final Set<String> TURNED_AWAY =
      Set.of(String.valueOf(ServiceReply.UNAVAILABLE), "NoInstanceException");

  /**
   * Counts them.
   *
   * @param events all events that the processes reported
   * @param inDatabase the recorded orders
   */
  public static UnconfirmedOrders of(List<ReportedEvent> events, Set<String> inDatabase) {
    List<String> causes = events.stream()
        .filter(entry -> entry.is(Kind.FAILED))
        .map(entry -> entry.fact("cause"))
        .toList();
    Set<String> confirmed = events.stream()
        .filter(entry -> entry.is(Kind.ACKNOWLEDGED))
        .map(entry -> entry.fact("order"))
        .collect(Collectors.toSet());
    long refused =
        causes.stream().filter(String.valueOf(ServiceReply.CONFLICT)::equals).count();
    long turnedAway = causes.stream().filter(TURNED_AWAY::contains).count();
    long recorded =
        inDatabase.stream().filter(order -> !confirmed.contains(order)).count();
    return new UnconfirmedOrders(
        refused, turnedAway, causes.size() - refused - turnedAway, recorded);
  }

  /** Explains them in a line each for what failed and what is unknown; empty if every order was confirmed. */
  public List<String> explain() {
    List<String> lines = new ArrayList<>();
    if (refused + turnedAway > 0) {
      String byStore = refused > 0 ? ", " + refused + " were refused by the store" : "";
      lines.add((refused + turnedAway) + " orders failed and sold nothing: " + turnedAway
          + " got no lock, number or service in time" + byStore);
    }
    if (unknown + recorded > 0) {
      lines.add(unknown + " orders are unknown, as no answer came in time; " + recorded
          + " orders are recorded without a confirmation");
    }
    return lines;
  }
}
