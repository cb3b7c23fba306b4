package io.zookit.views;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.NextRun;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.time.FixedDelay;
import io.zookit.scheduler.time.FixedRate;
import io.zookit.scheduler.time.OneShot;
import io.zookit.scheduler.time.Schedule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job.
 *
 * @param schedule in words; null if it runs only when it is triggered
 * @param version of the definition
 * @param paused why; null if it is not
 * @param mark every slot up to here has an outcome or is running
 * @param running the runs that have not ended
 * @param failures slots in a row that did not end as ran
 * @param last the last end of a run; null for none
 * @param lastSuccess when a run last ended as ran; null if none has
 */
public record JobShape(
    String job,
    Optional<String> schedule,
    JobMode mode,
    String handler,
    Map<String, String> parameters,
    int version,
    @Nullable String paused,
    Instant mark,
    List<String> running,
    int failures,
    Optional<RunRecord> last,
    @Nullable Instant lastSuccess) {

  /**
   * A slot to come.
   *
   * @param slot its local time
   * @param fold 1 for the second of two equal local times, else 0
   * @param due when it will be run, jitter included
   * @param note what a change of clocks makes of it; empty for nothing
   */
  public record NextRunShape(String slot, int fold, Instant due, String note) {

    /** The shape of a slot to come. */
    public static NextRunShape of(NextRun next) {
      return new NextRunShape(
          next.slot().label().toString(), next.slot().fold(), next.due(), next.note());
    }
  }

  /**
   * A manual run.
   *
   * @param created false if a run of this id was requested before
   */
  public record TriggerShape(
      String job, String id, @JsonProperty("made") boolean created) {}

  /** The shape of a job. */
  public static JobShape of(JobView view) {
    return new JobShape(
        view.job().name(),
        view.job().schedule().map(JobShape::words),
        view.job().mode(),
        view.job().handler(),
        view.job().parameters(),
        view.version(),
        view.paused(),
        view.watermark(),
        view.running(),
        view.failures(),
        view.last(),
        view.lastSuccess());
  }

  private static String words(Schedule schedule) {
    if (schedule instanceof FixedRate rate) {
      return "every " + rate.period() + " from " + rate.start();
    }
    if (schedule instanceof FixedDelay delay) {
      return delay.delay() + " after the end of the last";
    }
    return schedule instanceof OneShot shot
        ? "once at " + shot.slot().instant()
        : schedule.toString();
  }
}
