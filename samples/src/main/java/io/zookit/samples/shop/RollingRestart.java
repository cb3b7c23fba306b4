package io.zookit.samples.shop;

import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;

/** Restarts the inventory services one after the other while customers buy, and counts the calls to them. */
public final class RollingRestart {

  private final ShopEventLog log;
  private final ProcessFleet fleet;
  private final BoundedWait wait;
  private final CallCounter counter;

  /** Creates a scene. */
  public RollingRestart(
      ShopEventLog log, ProcessFleet fleet, BoundedWait wait, CallCounter counter) {
    this.log = log;
    this.fleet = fleet;
    this.wait = wait;
    this.counter = counter;
  }

  /**
   * Restarts each inventory service and waits until all callers have found it again.
   *
   * @return the calls meanwhile
   */
  public CallTotals run() throws Exception {
    CallTotals before = counter.count();
    for (String name : ProcessFleet.INVENTORIES) {
      Duration since = log.now();
      fleet.restart(name);
      for (String caller : ProcessFleet.ORDERS) {
        wait.until(
            caller + " finding " + name + " again",
            BoundedWait.LIMIT,
            () -> log.first(
                Kind.JOINED,
                entry -> entry.isBy(caller)
                    && entry.at().compareTo(since) >= 0
                    && entry.fact("instance").equals(name)));
      }
    }
    return counter.count().minus(before);
  }

  /** Returns the claim that no call failed. */
  public static DemoClaim claim(CallTotals meanwhile) {
    return new DemoClaim(
        "rolling-restart",
        meanwhile.calls() > 0 && meanwhile.failed() == 0,
        "rolling-restart: calls=" + meanwhile.calls() + " failed=" + meanwhile.failed());
  }
}
