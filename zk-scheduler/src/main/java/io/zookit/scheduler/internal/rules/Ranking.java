package io.zookit.scheduler.internal.rules;

import com.google.common.hash.Hashing;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records.NodeRecord;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Preference order of the nodes for a job: a weighted rendezvous hash of job and node. It moves only the jobs of a node
 * that joins or leaves, needs no agreement, and is no more than a preference: the claim is what prevents a slot from
 * being run twice.
 *
 * @param nodes the live nodes by the names of their znodes
 */
public record Ranking(Map<String, NodeRecord> nodes) {

  static final int NOWHERE = -1;

  public Ranking {
    nodes = new TreeMap<>(nodes);
  }

  /**
   * Returns the number of nodes that come before a node for a job, among those that can run it; or {@link #NOWHERE}.
   */
  public int rank(String node, JobRecord job) {
    return rank(node, job, job.name());
  }

  /** The same with another key than the job's name, for its shards. */
  public int rank(String node, JobRecord job, String key) {
    NodeRecord mine = nodes.get(node);
    if (mine == null || !isCapable(mine, job)) {
      return NOWHERE;
    }
    double score = score(node, mine, key);
    int before = 0;
    for (Map.Entry<String, NodeRecord> each : nodes.entrySet()) {
      if (!each.getKey().equals(node)
          && isCapable(each.getValue(), job)
          && score(each.getKey(), each.getValue(), key) > score) {
        before++;
      }
    }
    return before;
  }

  /** Returns whether a node is in this ranking and in another, with the same offer in both. */
  public boolean offersTheSame(String node, Ranking other) {
    NodeRecord mine = nodes.get(node);
    NodeRecord theirs = other.nodes.get(node);
    return mine != null
        && theirs != null
        && mine.handlers().equals(theirs.handlers())
        && mine.weight() == theirs.weight()
        && mine.draining() == theirs.draining();
  }

  /** Returns the number of nodes that come before a node, among all nodes, regardless of what they can run. */
  public int rankAmongAll(String node, String key) {
    return (int) nodes.keySet().stream()
        .filter(other -> score(other, 1, key) > score(node, 1, key))
        .count();
  }

  /** The nodes that can run a job, the first for it in front. */
  public List<String> ranked(JobRecord job) {
    return nodes.entrySet().stream()
        .filter(node -> isCapable(node.getValue(), job))
        .sorted(
            Comparator.comparingDouble(node -> -score(node.getKey(), node.getValue(), job.name())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The nodes that can run a job. */
  public List<String> capable(JobRecord job) {
    return nodes.entrySet().stream()
        .filter(node -> isCapable(node.getValue(), job))
        .map(Map.Entry::getKey)
        .toList();
  }

  static boolean isCapable(NodeRecord node, JobRecord job) {
    Integer version = node.handlers().get(job.handler());
    return version != null && version >= job.minVersion() && !node.draining();
  }

  /** A number that is random for each node, job and slot, and always the same for these three. */
  public static long hash(String node, String job, long slot) {
    return Hashing.murmur3_128()
        .newHasher()
        .putString(node, StandardCharsets.UTF_8)
        .putByte((byte) 0)
        .putString(job, StandardCharsets.UTF_8)
        .putLong(slot)
        .hash()
        .asLong();
  }

  private static double score(String node, NodeRecord record, String key) {
    return score(node, record.weight(), key);
  }

  private static double score(String node, int weight, String key) {
    long hash = Hashing.murmur3_128()
        .newHasher()
        .putString(node, StandardCharsets.UTF_8)
        .putByte((byte) 0)
        .putString(key, StandardCharsets.UTF_8)
        .hash()
        .asLong();
    double uniform = ((hash >>> 11) + 0.5) / (1L << 53);
    return -weight / Math.log(uniform);
  }
}
