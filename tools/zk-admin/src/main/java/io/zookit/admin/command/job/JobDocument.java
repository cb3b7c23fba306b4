package io.zookit.admin.command.job;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.time.FixedDelay;
import io.zookit.scheduler.time.FixedRate;
import io.zookit.scheduler.time.OneShot;
import io.zookit.scheduler.time.Schedule;
import java.time.Instant;
import java.util.List;
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

  static final Layout<JobDocument> LAYOUT = Layout.of(
          JobDocument::job,
          Column.of("JOB", JobDocument::job),
          Column.of("SCHEDULE", JobDocument::scheduleText),
          Column.of("MODE", JobDocument::mode),
          new Column<>("STATE", JobDocument::state),
          new Column<>(
              "LAST", each -> each.last == null ? Cell.of("") : RunDocument.colored(each.last)),
          Column.of("FAILURES", JobDocument::failures))
      .withPage(JobDocument::page);

  static JobDocument of(JobView view) {
    return new JobDocument(
        view.job().name(),
        view.job().schedule().map(JobDocument::words).orElse(null),
        DisplayText.of(view.job().mode()),
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

  private String scheduleText() {
    return schedule == null ? "when triggered" : schedule;
  }

  private Cell state() {
    if (paused != null) {
      return new Cell("paused", Style.ODD);
    }
    return running.isEmpty() ? Cell.of("waiting") : new Cell("running", Style.GOOD);
  }

  private Page page() {
    Page page = Page.of("job " + job)
        .field("schedule", scheduleText())
        .field("mode", mode)
        .field("handler", handler);
    page.optional("parameters", DisplayText.map(parameters));
    page.field("version", version).field("state", state());
    if (paused != null) {
      page.field("paused because", paused);
    }
    running.forEach(run -> page.field("running", run));
    page.field("mark", DisplayText.seconds(mark)).field("failures", failures);
    if (lastSuccess != null) {
      page.field("last success", DisplayText.seconds(lastSuccess));
    }
    return last == null ? page : page.table(RunDocument.LAYOUT.columns(), List.of(last));
  }

  /** A schedule in words. */
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
