package io.zookit.samples.shop.run;

import io.zookit.samples.shop.run.Chronicle.Entry;
import io.zookit.samples.shop.process.Event.Kind;
import java.time.Duration;
import java.util.Optional;

/** Restarts the inventory services one after the other while customers buy, and counts the calls to them. */
final class RollingRestart {

  private final Chronicle chronicle;
  private final Stage stage;
  private final Waiting wait;

  /**
   * Result of the rolling restart.
   *
   * @param calls requests that were sent to the service
   * @param failed those of them that were not answered
   */
  record Outcome(long calls, long failed) {

    Claims.Claim claim() {
      return new Claims.Claim(
          "rolling-restart",
          calls > 0 && failed == 0,
          "rolling-restart: calls=" + calls + " failed=" + failed);
    }
  }

  RollingRestart(Chronicle chronicle, Stage stage, Waiting wait) {
    this.chronicle = chronicle;
    this.stage = stage;
    this.wait = wait;
  }

  Outcome run() throws Exception {
    Outcome before = count();
    for (String name : Stage.INVENTORIES) {
      Duration since = chronicle.now();
      stage.restart(name);
      for (String caller : Stage.ORDERS) {
        wait.until(
            caller + " finding " + name + " again",
            Waiting.LIMIT,
            () -> first(Kind.JOINED, caller, since)
                .filter(entry -> entry.fact("instance").equals(name)));
      }
    }
    Outcome after = count();
    return new Outcome(after.calls - before.calls, after.failed - before.failed);
  }

  private Outcome count() throws Exception {
    long calls = 0;
    long failed = 0;
    for (String caller : Stage.ORDERS) {
      Duration since = chronicle.now();
      stage.tell(caller, "calls");
      Entry told = wait.until(
          "the calls of " + caller, Waiting.LIMIT, () -> first(Kind.CALLS, caller, since));
      calls += Long.parseLong(told.fact("calls"));
      failed += Long.parseLong(told.fact("failed"));
    }
    return new Outcome(calls, failed);
  }

  private Optional<Entry> first(Kind kind, String who, Duration since) {
    return chronicle.first(kind, entry -> entry.isBy(who) && entry.at().compareTo(since) >= 0);
  }
}
