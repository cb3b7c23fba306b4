package io.zookit.scheduler;

import io.zookit.core.ZkException;
import io.zookit.core.internal.ZkPath;
import io.zookit.scheduler.Tree.Found;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All jobs of a ledger at one look.
 *
 * @param jobs those that could be read, by name
 * @param unreadable the others and why, by name
 */
record JobListing(List<JobView> jobs, Map<String, String> unreadable) {

  /** Lists the folders of jobs and reads all nodes at once. */
  static JobListing read(LedgerCalls calls, JobPaths paths) throws InterruptedException {
    List<String> names = names(calls, paths);
    List<ZkPath> wanted = new ArrayList<>();
    names.forEach(name -> wanted.addAll(LedgerVerbs.nodesOf(paths, name)));
    List<Found> found =
        wanted.isEmpty() ? List.of() : calls.until("jobs", tries -> calls.read(wanted));
    JobListing listing = new JobListing(new ArrayList<>(), new TreeMap<>());
    int nodes = names.isEmpty() ? 0 : found.size() / names.size();
    for (int i = 0; i < names.size(); i++) {
      listing.add(paths, names.get(i), found.subList(nodes * i, nodes * (i + 1)));
    }
    return listing;
  }

  private static List<String> names(LedgerCalls calls, JobPaths paths) throws InterruptedException {
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

  private void add(JobPaths paths, String name, List<Found> found) {
    try {
      LedgerVerbs.decode(paths, name, found)
          .filter(read -> !read.def().deleted())
          .ifPresent(read -> jobs.add(read.view()));
    } catch (ZkException | IllegalArgumentException | DateTimeException e) {
      unreadable.put(name, String.valueOf(e.getMessage()));
    }
  }
}
