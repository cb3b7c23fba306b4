package io.zookit.admin.job;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.admin.shell.Tone;
import io.zookit.scheduler.JobView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job as programs see it.
 *
 * @param schedule in words; null when it runs only when it is triggered
 * @param mode exclusive, broadcast or sharded
 * @param version of the definition
 * @param paused why; null when it is not
 * @param mark every slot up to here has its fate or is running
 * @param running the runs that are on
 * @param failures slots in a row that did not end as RAN
 * @param last the last end of a run; null when there was none
 * @param lastSuccess when a run last ended as RAN; null when none has
 */
record JobDocument(
    String job,
    @Nullable String schedule,
    String mode,
    String handler,
    Map<String, String> parameters,
    int version,
    @Nullable String paused,
    Instant mark,
    List<String> running,
    int failures,
    @Nullable RunDocument last,
    @Nullable Instant lastSuccess) {

  static JobDocument of(JobView view) {
    return new JobDocument(
        view.job().name(),
        view.job().schedule().map(ScheduleWords::of).orElse(null),
        view.job().mode().name().toLowerCase(Locale.ROOT),
        view.job().handler(),
        new TreeMap<>(view.job().parameters()),
        view.version(),
        view.paused(),
        view.watermark(),
        view.running(),
        view.failures(),
        view.last().map(RunDocument::of).orElse(null),
        view.lastSuccess());
  }

  /** Layout of a job. */
  static final class Lines implements Layout<JobDocument> {

    @Override
    public String name(JobDocument job) {
      return job.job;
    }

    @Override
    public List<Column<JobDocument>> columns() {
      return List.of(
          Column.of("JOB", JobDocument::job),
          Column.of("SCHEDULE", job -> job.schedule == null ? "when triggered" : job.schedule),
          Column.of("MODE", JobDocument::mode),
          new Column<>("STATE", Lines::standing),
          new Column<>("LAST", Lines::last),
          Column.of("FAILURES", JobDocument::failures));
    }

    private static Cell standing(JobDocument job) {
      if (job.paused != null) {
        return new Cell("paused", Tone.ODD);
      }
      return job.running.isEmpty() ? Cell.of("waiting") : new Cell("running", Tone.GOOD);
    }

    private static Cell last(JobDocument job) {
      return job.last == null ? Cell.of("") : RunDocument.colored(job.last);
    }

    @Override
    public Page page(JobDocument job) {
      Page page = Page.of("job " + job.job)
          .field("schedule", job.schedule == null ? "when triggered" : job.schedule)
          .field("mode", job.mode)
          .field("handler", job.handler);
      if (!job.parameters.isEmpty()) {
        page.field("parameters", job.parameters);
      }
      page.field("version", job.version).field("state", standing(job));
      if (job.paused != null) {
        page.field("paused because", job.paused);
      }
      job.running.forEach(run -> page.field("running", run));
      page.field("mark", RunDocument.seconds(job.mark)).field("failures", job.failures);
      if (job.lastSuccess != null) {
        page.field("last success", RunDocument.seconds(job.lastSuccess));
      }
      return job.last == null ? page : page.table(RunDocument.LAYOUT.columns(), List.of(job.last));
    }
  }
}
