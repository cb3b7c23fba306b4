package io.zookit.benchmarks.group;

import io.zookit.core.Timekeeper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which member has started work on each partition last, and since when. Thread-safe. */
final class PartitionStarts {

  /** A member begins to work on a partition. */
  record Start(int partition, String member) {}

  private final String[] owners;
  private final List<Start> starts = new ArrayList<>();
  private long newest = Timekeeper.system().nanos();

  PartitionStarts(int partitions) {
    this.owners = new String[partitions];
    Arrays.fill(owners, "");
  }

  synchronized void onStart(int partition, String member) {
    owners[partition] = member;
    starts.add(new Start(partition, member));
    newest = Timekeeper.system().nanos();
  }

  /** Returns the number of starts until now. */
  synchronized int count() {
    return starts.size();
  }

  /** Returns the starts after the first ones. */
  synchronized List<Start> after(int first) {
    return List.copyOf(starts.subList(first, starts.size()));
  }

  /** Returns the time of the newest start, on the monotonic clock. */
  synchronized long newest() {
    return newest;
  }

  /** Returns how many partitions each member has started last. */
  synchronized Map<String, Integer> loads() {
    Map<String, Integer> loads = new HashMap<>();
    for (String owner : owners) {
      loads.merge(owner, 1, Integer::sum);
    }
    return loads;
  }
}
