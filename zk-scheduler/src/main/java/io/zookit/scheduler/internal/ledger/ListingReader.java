package io.zookit.scheduler.internal.ledger;

import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobView;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads all jobs of a ledger at one look. */
final class ListingReader {

  private ListingReader() {}

  /** Lists the folders of jobs and reads all nodes at once. */
  static JobLedger.Listing read(LedgerRequests calls, JobPaths paths) throws InterruptedException {
    List<String> names = names(calls, paths);
    List<ZkPath> wanted = new ArrayList<>();
    names.forEach(name -> wanted.addAll(ReadJob.nodesOf(paths, name)));
    List<Found> found =
        wanted.isEmpty() ? List.of() : calls.until("jobs", tries -> calls.read(wanted));
    return of(paths, names, found);
  }

  private static JobLedger.Listing of(JobPaths paths, List<String> names, List<Found> found) {
    List<JobView> jobs = new ArrayList<>();
    Map<String, String> unreadable = new HashMap<>();
    decode(paths, names, found, jobs, unreadable);
    return new JobLedger.Listing(jobs, unreadable);
  }

  /** Decodes the nodes of jobs, and adds those that are defined to the jobs, or to those that cannot be read. */
  static void decode(
      JobPaths paths,
      List<String> names,
      List<Found> found,
      List<JobView> jobs,
      Map<String, String> unreadable) {
    int nodes = names.isEmpty() ? 0 : found.size() / names.size();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      try {
        ReadJob.decode(paths, name, found.subList(nodes * i, nodes * (i + 1)))
            .filter(read -> !read.job().def().deleted())
            .ifPresent(read -> jobs.add(read.view()));
      } catch (ZkException | IllegalArgumentException | DateTimeException e) {
        unreadable.put(name, String.valueOf(e.getMessage()));
      }
    }
  }

  private static List<String> names(LedgerRequests calls, JobPaths paths)
      throws InterruptedException {
    List<String> names = new ArrayList<>();
    for (String partition : calls.until("jobs", tries -> calls.list(paths.jobs()))) {
      if (JobPaths.isPartition(partition)) {
        ZkPath path = paths.jobs().own(partition);
        names.addAll(calls.until("jobs", tries -> calls.list(path)));
      }
    }
    Collections.sort(names);
    return names;
  }
}
