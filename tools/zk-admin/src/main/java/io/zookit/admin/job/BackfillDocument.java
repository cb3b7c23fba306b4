package io.zookit.admin.job;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import java.time.Instant;

/**
 * Slots of the past that are to be run again, as programs see it.
 *
 * @param runs how many wait to be run
 */
record BackfillDocument(String job, Instant from, Instant to, int runs) {

  static final Layout<BackfillDocument> LAYOUT = Layout.of(
      BackfillDocument::job,
      Column.of("JOB", BackfillDocument::job),
      Column.of("FROM", BackfillDocument::from),
      Column.of("TO", BackfillDocument::to),
      Column.of("RUNS", BackfillDocument::runs));
}
