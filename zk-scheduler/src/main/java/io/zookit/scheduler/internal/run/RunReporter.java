package io.zookit.scheduler.internal.run;

import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.state.NodeContext;
import org.jspecify.annotations.Nullable;

/** Reports the ends of runs to the metrics, the history and the observer of a node. Confined to the loop. */
public final class RunReporter {

  private final NodeContext context;
  private final NodeMeters meters;

  public RunReporter(NodeContext context, NodeMeters meters) {
    this.context = context;
    this.meters = meters;
  }

  /**
   * The end of a run of this node was recorded.
   *
   * @param trace the stack trace of what its code threw, if there is one
   */
  public void onEnded(RunRecord record, @Nullable String trace) {
    meters.onEnded(record);
    publish(trace == null ? record : withTrace(record, trace));
  }

  /** An end was written in place of another node, or for all shards. */
  public void onEnded(String job, EndRecord end) {
    RunRecord record = end.toRun(job, null);
    if (end.outcome() == SlotOutcome.ORPHANED) {
      meters.onOrphaned();
    } else {
      meters.onEnded(record);
    }
    publish(record);
  }

  /** The code of a run ended under a claim that was lost. */
  public void onRefused(LiveRun run) {
    meters.onRefused();
    context.settings.observers().publish(observer -> observer.onRefused(run.job(), run.slot()));
  }

  private void publish(RunRecord record) {
    context.settings.history().publish(sink -> sink.append(record));
    context
        .settings
        .observers()
        .publish(
            record.outcome() == SlotOutcome.ORPHANED
                ? observer -> observer.onOrphaned(record)
                : observer -> observer.onEnded(record));
  }

  private static RunRecord withTrace(RunRecord run, String trace) {
    return new RunRecord(
        run.job(),
        run.id(),
        run.slot(),
        run.manual(),
        run.node(),
        run.attempt(),
        run.start(),
        run.end(),
        run.outcome(),
        run.overlapSuspected(),
        trace);
  }
}
