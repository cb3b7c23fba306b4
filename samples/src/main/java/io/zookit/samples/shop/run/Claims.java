package io.zookit.samples.shop.run;

import io.zookit.samples.shop.DemoClaim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Claims of the demo, with the figures that show whether they hold.
 *
 * @param orders orders recorded in the database
 * @param oversold orders for pieces that never existed
 * @param lostUpdates orders that are recorded but whose piece was not deducted, or that were confirmed to a
 *     customer and are not recorded
 * @param staleWritesRefused writes that the fence refused because their owner had lost its lock
 * @param failover from the kill until the last caller's view had dropped the dead instance; empty if one never
 *     did
 * @param wrongCalls calls sent to an instance that the caller's view had dropped before it was chosen
 * @param others claims of scenes that make their own
 */
record Claims(
    long orders,
    long oversold,
    long lostUpdates,
    long staleWritesRefused,
    Optional<Duration> failover,
    long wrongCalls,
    List<DemoClaim> others) {

  /** Creates claims. */
  Claims {
    others = List.copyOf(others);
  }

  /** Creates the claims of the shop and its services only. */
  Claims(
      long orders,
      long oversold,
      long lostUpdates,
      long staleWritesRefused,
      Optional<Duration> failover,
      long wrongCalls) {
    this(orders, oversold, lostUpdates, staleWritesRefused, failover, wrongCalls, List.of());
  }

  List<DemoClaim> all() {
    return Stream.concat(Stream.of(stock(), fencing(), registry()), others.stream())
        .toList();
  }

  /** Returns these claims and one more. */
  Claims with(DemoClaim other) {
    return new Claims(
        orders,
        oversold,
        lostUpdates,
        staleWritesRefused,
        failover,
        wrongCalls,
        Stream.concat(others.stream(), Stream.of(other)).toList());
  }

  boolean hold() {
    return all().stream().allMatch(DemoClaim::holds);
  }

  private DemoClaim stock() {
    return new DemoClaim(
        "stock",
        orders > 0 && oversold == 0 && lostUpdates == 0,
        "stock: orders=" + orders + " oversold=" + oversold + " lost-updates=" + lostUpdates);
  }

  private DemoClaim fencing() {
    return new DemoClaim(
        "fencing",
        staleWritesRefused >= 1,
        "fencing: stale-writes-refused=" + staleWritesRefused + " (≥ 1)");
  }

  private DemoClaim registry() {
    String millis = failover.map(each -> String.valueOf(each.toMillis())).orElse("never");
    return new DemoClaim(
        "registry",
        failover.isPresent() && wrongCalls == 0,
        "registry: failover-ms=" + millis + " wrong-calls-after=" + wrongCalls);
  }
}
