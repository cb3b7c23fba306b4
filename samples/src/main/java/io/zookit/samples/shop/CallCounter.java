package io.zookit.samples.shop;

import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.time.Duration;

/** Collects the numbers of calls from the order services. */
public final class CallCounter {

  private final ShopEventLog log;
  private final ProcessFleet fleet;
  private final BoundedWait wait;

  /** Creates a counter. */
  public CallCounter(ShopEventLog log, ProcessFleet fleet, BoundedWait wait) {
    this.log = log;
    this.fleet = fleet;
    this.wait = wait;
  }

  /** Returns the totals of both order services since their start. */
  public CallTotals count() throws Exception {
    CallTotals all = new CallTotals(0, 0, 0);
    for (String caller : ProcessFleet.ORDERS) {
      Duration since = log.now();
      fleet.send(caller, "calls");
      ReportedEvent reported = wait.until(
          "the calls of " + caller,
          BoundedWait.LIMIT,
          () -> log.first(
              Kind.CALLS, entry -> entry.isBy(caller) && entry.at().compareTo(since) >= 0));
      all = all.plus(new CallTotals(
          number(reported, "calls"), number(reported, "failed"), number(reported, "new-version")));
    }
    return all;
  }

  private static long number(ReportedEvent reported, String fact) {
    return Long.parseLong(reported.fact(fact));
  }
}
