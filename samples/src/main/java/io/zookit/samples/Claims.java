package io.zookit.samples;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the demo claims, with the figures that show whether it is so.
 *
 * @param orders orders recorded in the database
 * @param oversold orders for pieces that never were
 * @param lostUpdates orders that are recorded but whose piece was not taken away, or that a customer was promised and
 *     that are not recorded
 * @param staleWritesRefused writes that the fence refused because the owner had lost his lock
 * @param failover from the kill until the last caller's view had dropped the dead instance; empty when one never did
 * @param wrongCalls calls sent to an instance that the caller's view had dropped before it was chosen
 * @param restarted the calls to the inventory services while these were restarted one after the other
 */
record Claims(
    long orders,
    long oversold,
    long lostUpdates,
    long staleWritesRefused,
    Optional<Duration> failover,
    long wrongCalls,
    RollingRestart.Outcome restarted) {

  /**
   * One claim.
   *
   * @param text the summary line
   */
  record Claim(String name, boolean holds, String text) {}

  List<Claim> all() {
    return List.of(stock(), fencing(), registry(), rolling());
  }

  boolean hold() {
    return all().stream().allMatch(Claim::holds);
  }

  private Claim stock() {
    return new Claim(
        "stock",
        orders > 0 && oversold == 0 && lostUpdates == 0,
        "stock: orders=" + orders + " oversold=" + oversold + " lost-updates=" + lostUpdates);
  }

  private Claim fencing() {
    return new Claim(
        "fencing",
        staleWritesRefused >= 1,
        "fencing: stale-writes-refused=" + staleWritesRefused + " (≥ 1)");
  }

  private Claim rolling() {
    return new Claim(
        "rolling-restart",
        restarted.calls() > 0 && restarted.failed() == 0,
        "rolling-restart: calls=" + restarted.calls() + " failed=" + restarted.failed());
  }

  private Claim registry() {
    String millis = failover.map(each -> String.valueOf(each.toMillis())).orElse("never");
    return new Claim(
        "registry",
        failover.isPresent() && wrongCalls == 0,
        "registry: failover-ms=" + millis + " wrong-calls-after=" + wrongCalls);
  }
}
