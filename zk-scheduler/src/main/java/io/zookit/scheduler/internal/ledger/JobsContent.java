package io.zookit.scheduler.internal.ledger;

import io.zookit.scheduler.JobLedger.Listing;
import io.zookit.scheduler.JobView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The jobs of the overview as they were read last, by name. Used on the loop. */
final class JobsContent {

  private final Map<String, JobView> jobs = new TreeMap<>();
  private final Map<String, String> unreadable = new TreeMap<>();

  void clear() {
    jobs.clear();
    unreadable.clear();
  }

  /** Puts what was read in the place of what was known of the same jobs; of all jobs if all were read. */
  void apply(OverviewRead read) {
    if (read.asked().isAll()) {
      clear();
    } else {
      read.asked().jobs().forEach(job -> {
        jobs.remove(job);
        unreadable.remove(job);
      });
    }
    for (JobView view : read.jobs()) {
      jobs.put(view.job().name(), view);
    }
    unreadable.putAll(read.unreadable());
  }

  Listing listing() {
    return new Listing(List.copyOf(jobs.values()), unreadable);
  }
}
