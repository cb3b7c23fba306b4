package io.zookit.admin.command.job;

import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.Job.Difference;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A definition of a file next to the stored one.
 *
 * @param given the definition of the file
 * @param stored the job as it is stored; empty if it is not defined
 */
record StoredAndGiven(Job given, Optional<JobView> stored) {

  /** Reads the stored definitions of jobs. */
  static List<StoredAndGiven> of(JobLedger ledger, List<Job> given) throws InterruptedException {
    List<StoredAndGiven> all = new ArrayList<>();
    for (Job job : given) {
      all.add(new StoredAndGiven(job, ledger.find(job.name())));
    }
    return all;
  }

  /** The differences of the stored definition to the given one; none if the job is not defined. */
  List<Difference> differences() {
    return stored.map(view -> view.job().differencesTo(given)).orElse(List.of());
  }

  boolean isDifferent() {
    return !differences().isEmpty();
  }

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

    static List<DifferenceDocument> of(StoredAndGiven job) {
      String name = job.given().name();
      return job.stored().isEmpty()
          ? List.of(new DifferenceDocument(name, "job", null, null))
          : job.differences().stream()
              .map(each -> new DifferenceDocument(name, each.field(), each.stored(), each.given()))
              .toList();
    }
  }
}
