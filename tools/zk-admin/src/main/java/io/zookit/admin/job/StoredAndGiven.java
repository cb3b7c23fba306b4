package io.zookit.admin.job;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.Job.Difference;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
}
