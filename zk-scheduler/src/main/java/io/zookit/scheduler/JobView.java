package io.zookit.scheduler;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was when it was read.
 *
 * @param job the definition
 * @param version of the definition, for {@link JobLedger#replace(Job, int)}
 * @param paused why it is paused; null when it is not
 * @param watermark every slot up to here has its outcome or is running
 * @param running the runs that are on: node, slot and attempt, in words
 * @param failures slots in a row that did not end as RAN
 * @param lastRun the last end of a run; null when there was none
 * @param lastSuccess when a run last ended as RAN; null when none has
 * @param recentSlots the newest slots up to the watermark, newest first: at most 10 of those
 *     that were not moved out of the state yet; {@link JobLedger#slots} has more
 */
public record JobView(
    Job job,
    int version,
    @Nullable String paused,
    Instant watermark,
    List<String> running,
    int failures,
    @Nullable RunRecord lastRun,
    @Nullable Instant lastSuccess,
    List<SlotReport> recentSlots) {

  /** Returns whether the job is paused. */
  public boolean isPaused() {
    return paused != null;
  }

  /** The last end of a run, if there was one. */
  public Optional<RunRecord> last() {
    return Optional.ofNullable(lastRun);
  }
}
