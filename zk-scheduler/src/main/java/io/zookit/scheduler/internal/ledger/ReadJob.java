package io.zookit.scheduler.internal.ledger;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.state.JobSnapshot;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A job as a caller that waits has read it.
 *
 * @param partition the node of its partition, which is written with each change of the job
 */
record ReadJob(JobSnapshot job, Found partition) {

  private static final int RECENT_SLOTS = 10;

  /** The nodes that are read for a job. */
  static List<ZkPath> nodesOf(JobPaths paths, String job) {
    return List.of(paths.def(job), paths.ctl(job), paths.state(job), paths.partition(job));
  }

  /** Decodes the nodes of a job; empty if the job has never been defined. */
  static Optional<ReadJob> decode(JobPaths paths, String job, List<Found> found) {
    if (!found.get(0).exists() || !found.get(1).exists() || !found.get(2).exists()) {
      return Optional.empty();
    }
    DefRecord def = Records.read(Records.DEF, found.get(0).data(), paths.def(job));
    JobSnapshot snapshot = new JobSnapshot(
        def,
        found.get(0).version(),
        new ScheduleTimeline(def),
        Records.read(Records.CONTROL, found.get(1).data(), paths.ctl(job)),
        found.get(1).version(),
        Records.read(Records.STATE, found.get(2).data(), paths.state(job)),
        found.get(2).version());
    return Optional.of(new ReadJob(snapshot, found.get(3)));
  }

  JobView view() {
    List<String> running = job.state().open().stream()
        .map(claim ->
            claim.owner() + " runs " + claim.slot().toSlot() + ", attempt " + claim.attempt())
        .toList();
    List<RunRecord> last = ends();
    String paused = null;
    if (job.control().isPaused()) {
      String reason =
          job.control().pauses().get(job.control().pauses().size() - 1).reason();
      paused = reason == null ? "" : reason;
    }
    return new JobView(
        job.job().toJob(),
        job.defVersion(),
        paused,
        Instant.ofEpochMilli(job.state().watermark()),
        running,
        job.state().failures(),
        last.isEmpty() ? null : last.get(0),
        job.state().lastSuccess() == 0 ? null : Instant.ofEpochMilli(job.state().lastSuccess()),
        NewestSlots.of(job.def(), job.state(), RECENT_SLOTS));
  }

  /** Returns the ends that the state holds, newest first. */
  List<RunRecord> ends() {
    return ends(job.state());
  }

  /** Returns the ends of a state, newest first. */
  List<RunRecord> ends(StateRecord state) {
    List<RunRecord> ends = new ArrayList<>();
    state.recent().forEach(each -> ends.add(each.toRun(job.job().name(), null)));
    Collections.reverse(ends);
    return ends;
  }
}
