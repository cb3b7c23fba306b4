package io.zookit.scheduler.internal.run;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.state.NodeContext;
import java.util.List;

/** Metrics of a node; never per job. Confined to the loop, except that gauges are read from any thread. */
public final class NodeMeters {

  private static final double MILLIS = 1e3;

  private final NodeContext context;
  private final Meters meters;
  private final List<Subscription> gauges;
  private volatile long lastSuccess;

  public NodeMeters(NodeContext context, RunningJobs runs) {
    this.context = context;
    this.meters = context.settings.meters();
    this.lastSuccess = context.timekeeper.nanos();
    this.gauges = List.of(
        meters.gauge("zookit.scheduler.running", runs::count),
        meters.gauge(
            "zookit.scheduler.clock-offset", () -> context.clock.offsetOfWallClock() / MILLIS),
        meters.gauge(
            "zookit.scheduler.seconds-since-success",
            () -> (context.timekeeper.nanos() - lastSuccess) / 1e9));
  }

  void onClaimed(JobRecord job, ClaimRecord claim) {
    meters.count("zookit.scheduler.claims", 1);
    if (claim.manual() == null && claim.attempt() == 1) {
      long late = context.clock.now() - claim.slot().at() - job.jitter();
      meters.time("zookit.scheduler.lateness", Math.max(0, late) * 1_000_000);
    }
  }

  public void onEnded(RunRecord record) {
    meters.count("zookit.scheduler.ends", 1);
    meters.time("zookit.scheduler.run", record.duration().toNanos());
    if (record.outcome() == SlotOutcome.RAN) {
      lastSuccess = context.timekeeper.nanos();
    }
  }

  public void onRefused() {
    meters.count("zookit.scheduler.refused", 1);
  }

  public void onOrphaned() {
    meters.count("zookit.scheduler.orphans", 1);
  }

  public void onConflict() {
    meters.count("zookit.scheduler.conflicts", 1);
  }

  public void close() {
    gauges.forEach(Subscription::close);
  }
}
