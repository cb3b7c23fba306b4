package io.zookit.admin.job;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.Job.Difference;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A definition that was given, as programs see it.
 *
 * @param result created, unchanged, replaced or kept
 * @param version of the stored definition; null for a job that would be created
 * @param differences of the stored definition to the given one
 */
record DefinitionDocument(
    String job, String result, @Nullable Integer version, List<Difference> differences) {

  static final Layout<DefinitionDocument> LAYOUT = Layout.of(
      DefinitionDocument::job,
      Column.of("JOB", DefinitionDocument::job),
      new Column<>(
          "RESULT",
          each -> new Cell(each.result, each.result.equals("kept") ? Tone.ODD : Tone.GOOD)),
      Column.of("VERSION", each -> each.version == null ? "" : each.version),
      Column.of(
          "STORED → GIVEN",
          each -> each.differences.stream()
              .map(Difference::toString)
              .collect(Collectors.joining("; "))));

  /** Describes what a dry run finds. */
  static DefinitionDocument planned(StoredAndGiven job, DefinitionPolicy policy) {
    return of(job, policy, job.stored().map(view -> view.version()).orElse(null));
  }

  /** Describes a definition that was stored. */
  static DefinitionDocument done(StoredAndGiven job, DefinitionPolicy policy, int version) {
    return of(job, policy, version);
  }

  private static DefinitionDocument of(
      StoredAndGiven job, DefinitionPolicy policy, @Nullable Integer version) {
    return new DefinitionDocument(
        job.given().name(), result(job, policy), version, job.differences());
  }

  private static String result(StoredAndGiven job, DefinitionPolicy policy) {
    if (job.stored().isEmpty()) {
      return "created";
    }
    if (!job.isDifferent()) {
      return "unchanged";
    }
    return policy == DefinitionPolicy.REPLACE ? "replaced" : "kept";
  }
}
