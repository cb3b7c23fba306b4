package io.zookit.registry;

import io.zookit.core.internal.Decoded;
import io.zookit.core.internal.SessionHandle.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer knows of the nodes of one service, and which node counts for each id: the one with the highest
 * czxid. What is read is compared by czxid and mzxid, never by version: those start again with every node.
 *
 * <p>Changes are collected until they are {@linkplain #commit committed}, so that a read is seen whole or not at all.
 * Pure; used by one thread at a time.
 */
final class KnownNodes {

  /** A node; without an instance it is known and left out. */
  private record Known(
      NodeRef ref,
      long czxid,
      long mzxid,
      long ctime,
      @Nullable ServiceInstance instance,
      boolean oversized) {

    boolean rivals(Known other) {
      return instance != null
          && other.instance != null
          && !instance.address().equals(other.instance.address())
          && instance.status() != InstanceStatus.LEAVING
          && other.instance.status() != InstanceStatus.LEAVING;
    }
  }

  /**
   * A node that counts.
   *
   * @param ctime when it was made, in milliseconds of the server's clock
   */
  record Live(NodeRef ref, long ctime, ServiceInstance instance) {}

  /** A node that is left out, and why. */
  record Skip(NodeRef node, String reason) {}

  /** Two live nodes of one id with different addresses. */
  record Conflict(String id, String newer, String older) {}

  /** What a commit makes visible. */
  record Commit(List<Change> changes, List<Skip> skips, List<Conflict> conflicts) {}

  private record Pair(NodeRef newer, NodeRef older) {}

  private static final Known NOTHING = new Known(new NodeRef("", ""), 0, 0, 0, null, false);

  private final String service;
  private final Map<String, Map<String, Known>> buckets = new HashMap<>();
  private final TreeMap<String, Known> winners = new TreeMap<>();
  private final Map<String, List<Known>> shadowed = new HashMap<>();
  private final Map<String, Known> touched = new LinkedHashMap<>();
  private final List<Skip> skips = new ArrayList<>();
  private final Map<String, Pair> reported = new HashMap<>();

  private long serverTime;

  KnownNodes(String service) {
    this.service = service;
  }

  /** The buckets of which nodes are known. */
  Set<String> buckets() {
    return Set.copyOf(buckets.keySet());
  }

  /** All nodes that are known. */
  List<NodeRef> nodes() {
    List<NodeRef> nodes = new ArrayList<>();
    buckets.values().forEach(bucket -> bucket.values().forEach(known -> nodes.add(known.ref)));
    return nodes;
  }

  /** Whether nothing is known of a node. */
  boolean isNew(NodeRef node) {
    return find(node) == null;
  }

  /** Whether a node was too large to be read when it was last looked at. */
  boolean isOversized(NodeRef node) {
    Known known = find(node);
    return known != null && known.oversized;
  }

  /** A bucket holds these nodes and no others. */
  void listed(String bucket, Collection<String> names) {
    Map<String, Known> inBucket = buckets.get(bucket);
    if (inBucket != null) {
      for (Known known : List.copyOf(inBucket.values())) {
        if (!names.contains(known.ref.name())) {
          forget(inBucket, known);
        }
      }
      if (inBucket.isEmpty()) {
        buckets.remove(bucket);
      }
    }
  }

  /** A node was read. */
  void read(NodeRef ref, Node node) {
    Known before = find(ref);
    Stat stat = node.stat();
    if (before != null && before.czxid == stat.getCzxid() && before.mzxid == stat.getMzxid()) {
      return;
    }
    if (node.data().length > StoredInstance.MAX_BYTES) {
      oversized(ref, stat);
      return;
    }
    Optional<NodeName> name = NodeName.parse(ref.name());
    if (name.isEmpty()) {
      foreign(ref);
      return;
    }
    Decoded<ServiceInstance> decoded = StoredInstance.decode(service, name.get(), node.data());
    if (decoded instanceof Decoded.Value<ServiceInstance> value) {
      put(before, known(ref, stat, value.value(), false));
    } else {
      skip(ref, stat, false, reasonOf(decoded));
    }
  }

  /** A node holds more than it may; it was not read. */
  void oversized(NodeRef ref, Stat stat) {
    String reason =
        stat.getDataLength() + " bytes (expected: at most " + StoredInstance.MAX_BYTES + ")";
    skip(ref, stat, true, reason);
  }

  /** A node has a name that is not one of an instance; it is never read. */
  void foreign(NodeRef ref) {
    if (find(ref) == null) {
      skip(ref, new Stat(), false, "its name is not <id>@<incarnation>");
    }
  }

  /** A node is there and may not be read. */
  void refused(NodeRef ref, Code code) {
    if (find(ref) == null) {
      skip(ref, new Stat(), false, "ZooKeeper answered " + code);
    }
  }

  /** What has changed since the last commit. */
  Commit commit() {
    List<Change> changes = new ArrayList<>();
    List<Conflict> conflicts = new ArrayList<>();
    touched.forEach((id, before) -> {
      changeOf(id, before == NOTHING ? null : before, winners.get(id)).ifPresent(changes::add);
      conflictOf(id).ifPresent(conflicts::add);
    });
    Commit commit = new Commit(changes, List.copyOf(skips), conflicts);
    touched.clear();
    skips.clear();
    return commit;
  }

  /** The nodes that count, in the order of the ids. */
  List<Live> live() {
    List<Live> live = new ArrayList<>(winners.size());
    for (Known known : winners.values()) {
      if (known.instance != null) {
        live.add(new Live(known.ref, known.ctime, known.instance));
      }
    }
    return live;
  }

  /** The newest stamp of a server on any node, in milliseconds. */
  long serverTime() {
    return serverTime;
  }

  private Known known(NodeRef ref, Stat stat, @Nullable ServiceInstance instance, boolean large) {
    serverTime = Math.max(serverTime, Math.max(stat.getCtime(), stat.getMtime()));
    return new Known(ref, stat.getCzxid(), stat.getMzxid(), stat.getCtime(), instance, large);
  }

  private @Nullable Known find(NodeRef ref) {
    Map<String, Known> inBucket = buckets.get(ref.bucket());
    return inBucket == null ? null : inBucket.get(ref.name());
  }

  /** A node that cannot be read now but could be before is still alive: its last instance stays. */
  private void skip(NodeRef ref, Stat stat, boolean oversized, String reason) {
    Known before = find(ref);
    ServiceInstance last = null;
    if (before != null && before.czxid == stat.getCzxid()) {
      if (before.mzxid == stat.getMzxid() && before.oversized == oversized) {
        return;
      }
      last = before.instance;
    }
    put(before, known(ref, stat, last, oversized));
    skips.add(new Skip(ref, reason));
  }

  private void put(@Nullable Known before, Known after) {
    Map<String, Known> inBucket =
        buckets.computeIfAbsent(after.ref.bucket(), bucket -> new HashMap<>());
    if (before != null) {
      forget(inBucket, before);
    }
    inBucket.put(after.ref.name(), after);
    if (after.instance != null) {
      String id = touch(after.instance);
      Known winner = winners.get(id);
      if (winner == null) {
        winners.put(id, after);
      } else if (after.czxid > winner.czxid) {
        winners.put(id, after);
        shadow(id, winner);
      } else {
        shadow(id, after);
      }
    }
  }

  private void forget(Map<String, Known> inBucket, Known known) {
    inBucket.remove(known.ref.name());
    if (known.instance == null) {
      return;
    }
    String id = touch(known.instance);
    List<Known> others = shadowed.getOrDefault(id, new ArrayList<>());
    if (winners.get(id) == known) {
      winners.remove(id);
      others.stream().max(Comparator.comparingLong(Known::czxid)).ifPresent(next -> {
        winners.put(id, next);
        others.remove(next);
      });
    } else {
      others.remove(known);
    }
    if (others.isEmpty()) {
      shadowed.remove(id);
    }
  }

  private void shadow(String id, Known known) {
    shadowed.computeIfAbsent(id, each -> new ArrayList<>()).add(known);
  }

  private String touch(ServiceInstance instance) {
    touched.putIfAbsent(instance.id(), winners.getOrDefault(instance.id(), NOTHING));
    return instance.id();
  }

  private static Optional<Change> changeOf(
      String id, @Nullable Known before, @Nullable Known after) {
    ServiceInstance was = before == null ? null : before.instance;
    ServiceInstance is = after == null ? null : after.instance;
    if (was == null) {
      return is == null
          ? Optional.empty()
          : Optional.of(new Change(id, null, is, ChangeCause.REGISTERED));
    }
    if (is == null) {
      ChangeCause cause =
          was.status() == InstanceStatus.LEAVING ? ChangeCause.LEFT : ChangeCause.VANISHED;
      return Optional.of(new Change(id, was, null, cause));
    }
    if (before != null && after != null && before.czxid != after.czxid) {
      return Optional.of(new Change(id, was, is, ChangeCause.REPLACED));
    }
    return was.equals(is)
        ? Optional.empty()
        : Optional.of(new Change(id, was, is, ChangeCause.UPDATED));
  }

  private Optional<Conflict> conflictOf(String id) {
    Known newer = winners.get(id);
    for (Known older : shadowed.getOrDefault(id, List.of())) {
      if (newer != null && newer.rivals(older)) {
        Pair pair = new Pair(newer.ref, older.ref);
        return pair.equals(reported.put(id, pair))
            ? Optional.empty()
            : Optional.of(new Conflict(id, addressOf(newer), addressOf(older)));
      }
    }
    reported.remove(id);
    return Optional.empty();
  }

  private static String addressOf(Known known) {
    return known.instance == null ? "" : known.instance.address();
  }

  private static String reasonOf(Decoded<ServiceInstance> decoded) {
    if (decoded instanceof Decoded.TooNew<ServiceInstance> newer) {
      return "format " + newer.version() + ", for readers of " + newer.minReader() + " and later";
    }
    return decoded instanceof Decoded.Malformed<ServiceInstance> bad ? bad.reason() : "";
  }
}
