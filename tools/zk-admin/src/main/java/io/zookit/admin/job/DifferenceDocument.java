package io.zookit.admin.job;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A difference between a stored definition and a given one, as programs see it.
 *
 * @param field what differs; {@code job} if the job is not stored at all
 * @param stored the stored value; null if the job is not stored
 * @param given the given value; null if the job is not stored
 */
record DifferenceDocument(
    String job,
    String field,
    @Nullable String stored,
    @Nullable String given) {

  static final Layout<DifferenceDocument> LAYOUT = Layout.of(
      DifferenceDocument::job,
      Column.of("JOB", DifferenceDocument::job),
      Column.of("FIELD", DifferenceDocument::field),
      Column.of("STORED", each -> each.stored == null ? "not defined" : each.stored),
      Column.of("GIVEN", each -> each.given == null ? "defined" : each.given));

  static Stream<DifferenceDocument> of(StoredAndGiven job) {
    String name = job.given().name();
    return job.stored().isEmpty()
        ? Stream.of(new DifferenceDocument(name, "job", null, null))
        : job.differences().stream()
            .map(each -> new DifferenceDocument(name, each.field(), each.stored(), each.given()));
  }
}
