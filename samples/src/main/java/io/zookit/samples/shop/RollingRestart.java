package io.zookit.samples.shop;

import io.zookit.samples.shop.ShopEventLog.LoggedEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;
import java.util.Optional;

/** Restarts the inventory services one after the other while customers buy, and counts the calls to them. */
public final class RollingRestart {

  private final ShopEventLog log;
  private final ProcessFleet fleet;
  private final BoundedWait wait;

  /**
   * Result of the rolling restart.
   *
   * @param calls requests that were sent to the service
   * @param failed those of them that were not answered
   */
  public record CallTotals(long calls, long failed) {

    /** Returns the claim that no call failed. */
    public DemoClaim claim() {
      return new DemoClaim(
          "rolling-restart",
          calls > 0 && failed == 0,
          "rolling-restart: calls=" + calls + " failed=" + failed);
    }
  }

  /** Creates a scene. */
  public RollingRestart(ShopEventLog log, ProcessFleet fleet, BoundedWait wait) {
    this.log = log;
    this.fleet = fleet;
    this.wait = wait;
  }

  /** Restarts each inventory service and waits until all callers have found it again. */
  public CallTotals run() throws Exception {
    CallTotals before = count();
    for (String name : ProcessFleet.INVENTORIES) {
      Duration since = log.now();
      fleet.restart(name);
      for (String caller : ProcessFleet.ORDERS) {
        wait.until(
            caller + " finding " + name + " again",
            BoundedWait.LIMIT,
            () -> first(Kind.JOINED, caller, since)
                .filter(entry -> entry.fact("instance").equals(name)));
      }
    }
    CallTotals after = count();
    return new CallTotals(after.calls - before.calls, after.failed - before.failed);
  }

  private CallTotals count() throws Exception {
    long calls = 0;
    long failed = 0;
    for (String caller : ProcessFleet.ORDERS) {
      Duration since = log.now();
      fleet.send(caller, "calls");
      LoggedEvent told = wait.until(
          "the calls of " + caller, BoundedWait.LIMIT, () -> first(Kind.CALLS, caller, since));
      calls += Long.parseLong(told.fact("calls"));
      failed += Long.parseLong(told.fact("failed"));
    }
    return new CallTotals(calls, failed);
  }

  private Optional<LoggedEvent> first(Kind kind, String who, Duration since) {
    return log.first(kind, entry -> entry.isBy(who) && entry.at().compareTo(since) >= 0);
  }
}
