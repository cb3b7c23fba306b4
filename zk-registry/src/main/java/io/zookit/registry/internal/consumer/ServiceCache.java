package io.zookit.registry.internal.consumer;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.selection.InstanceChange;
import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.SkippedNode;
import io.zookit.registry.internal.store.StoredInstance;
import io.zookit.registry.policy.ServicePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and the policy of one service as a consumer knows them. Nodes that are read are compared by czxid and mzxid,
 * never by version: versions restart with every node.
 *
 * <p>It is the only place that finds out what has changed. Changes are collected until they are {@linkplain #commit
 * committed}, so that a read becomes visible as a whole or not at all. Pure; used by one thread at a time.
 */
final class ServiceCache {

  /** A node without an instance, known and left out. */
  private record UnusableNode(long czxid, long mzxid, boolean oversized) {}

  /** Two live nodes of one id with different addresses. */
  record IdConflict(String id, String newer, String older) {}

  /**
   * Changes that a commit makes visible. Immutable.
   *
   * @param live the nodes that count now, in the order of the ids
   * @param serverTime the newest time stamp of a server on any node, in milliseconds
   * @param changes of the nodes that count, one for each id at most
   * @param policy the policy, if it is another one
   * @param problems what of the service cannot be used, as far as that is new
   * @param skips nodes that are left out, as far as that is new
   * @param conflicts ids that several live nodes have, as far as that is new
   */
  record CacheUpdate(
      List<LiveNode> live,
      long serverTime,
      List<InstanceChange> changes,
      Optional<ServicePolicy> policy,
      List<String> problems,
      List<SkippedNode> skips,
      List<IdConflict> conflicts) {}

  private record ConflictPair(NodeRef newer, NodeRef older) {}

  private final String service;
  private final NodesById nodes = new NodesById();
  private final Map<NodeRef, UnusableNode> odd = new HashMap<>();
  private final Map<String, Optional<CachedNode>> touched = new LinkedHashMap<>();
  private final List<SkippedNode> skips = new ArrayList<>();
  private final Map<String, ConflictPair> reported = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Set<String> tooLong = Set.of();
  private byte[] policy = new byte[0];
  private Optional<ServicePolicy> newPolicy = Optional.empty();
  private long serverTime;
  private boolean oversizedSeen;

  ServiceCache(String service) {
    this.service = service;
  }

  /** The buckets of which nodes are known. */
  Set<String> buckets() {
    Set<String> buckets = new HashSet<>();
    nodes.forEach(known -> buckets.add(known.bucket()));
    odd.keySet().forEach(ref -> buckets.add(ref.bucket()));
    return buckets;
  }

  /** All nodes that are known. */
  List<NodeRef> nodes() {
    List<NodeRef> refs = new ArrayList<>(odd.keySet());
    nodes.forEach(known -> refs.add(known.ref()));
    return refs;
  }

  /** Tells if nothing is known of a node. */
  boolean isNew(NodeRef node) {
    return nodes.find(node) == null && !odd.containsKey(node);
  }

  /** Tells if a node was too large to be read when it was last looked at. */
  boolean isOversized(NodeRef node) {
    if (!oversizedSeen) {
      return false;
    }
    CachedNode known = nodes.find(node);
    UnusableNode other = odd.get(node);
    return (known != null && known.oversized) || (other != null && other.oversized);
  }

  /** The buckets that hold too many nodes to be listed. */
  Set<String> tooLong() {
    return tooLong;
  }

  /** Applies a read as a whole, with the deletions that were seen, and returns what has changed. */
  CacheUpdate apply(ServiceRead read) {
    read.asked().deleted().forEach(this::deleted);
    if (read.asked().all()) {
      listedAll(read);
    }
    read.listings().forEach((bucket, names) -> {
      listed(bucket, names);
      names.forEach(name -> foreignIfInvalid(new NodeRef(bucket, name)));
    });
    read.asked().nodes().forEach(this::foreignIfInvalid);
    read.oversized().forEach(this::oversized);
    read.answers().forEach((node, answer) -> {
      if (answer.isOk()) {
        read(node, answer.get());
      } else if (answer.code() != Code.NONODE) {
        refused(node, answer.code());
      }
    });
    read.policy().ifPresent(this::readPolicy);
    return commit();
  }

  /** All buckets that exist were listed, or are too long. */
  private void listedAll(ServiceRead read) {
    for (String bucket : buckets()) {
      if (!read.tooLong().contains(bucket) && !read.listings().containsKey(bucket)) {
        listed(bucket, Set.of());
      }
    }
    for (String bucket : read.tooLong()) {
      if (!tooLong.contains(bucket)) {
        problems.add(bucket + " holds more than " + ServiceReader.MOST_NAMES
            + " nodes and cannot be listed; what is known of it stays");
      }
    }
    tooLong = Set.copyOf(read.tooLong());
  }

  private void foreignIfInvalid(NodeRef node) {
    if (!NodeName.isValid(node.name())) {
      foreign(node);
    }
  }

  /** The policy was read; one that cannot be decoded changes nothing. */
  private void readPolicy(byte[] data) {
    if (!Arrays.equals(data, policy)) {
      policy = data;
      newPolicy = ServicePolicy.decode(data);
      if (newPolicy.isEmpty()) {
        problems.add("the policy cannot be understood, the one before stays in force");
      }
    }
  }

  /** A bucket holds these nodes and no others. */
  void listed(String bucket, Collection<String> names) {
    List<CachedNode> gone = new ArrayList<>();
    nodes.forEach(known -> {
      if (known.bucket().equals(bucket) && !names.contains(known.name())) {
        gone.add(known);
      }
    });
    gone.forEach(this::forget);
    odd.keySet().removeIf(ref -> ref.bucket().equals(bucket) && !names.contains(ref.name()));
  }

  /** A node was deleted. */
  void deleted(NodeRef ref) {
    CachedNode known = nodes.find(ref);
    if (known != null) {
      forget(known);
    }
    odd.remove(ref);
  }

  /** A node was read. */
  void read(NodeRef ref, Node node) {
    NodeName name = NodeName.parse(ref.name()).orElse(null);
    if (name == null) {
      foreign(ref);
      return;
    }
    CachedNode before = nodes.find(ref.bucket(), name);
    Stat stat = node.stat();
    if (before != null && before.czxid == stat.getCzxid() && before.mzxid == stat.getMzxid()) {
      return;
    }
    if (node.data().length > StoredInstance.MAX_BYTES) {
      oversized(ref, stat);
      return;
    }
    Decoded<ServiceInstance> decoded = StoredInstance.decode(service, name, node.data());
    if (decoded instanceof Decoded.Value<ServiceInstance> value) {
      odd.remove(ref);
      replace(before, new CachedNode(ref.bucket(), name, stat, value.value(), false));
      note(stat);
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
    if (isNew(ref)) {
      skip(ref, new Stat(), false, "its name is not <id>@<nonce>");
    }
  }

  /** Records a node that exists and may not be read. */
  void refused(NodeRef ref, Code code) {
    if (isNew(ref)) {
      skip(ref, new Stat(), false, "ZooKeeper answered " + code);
    }
  }

  /** Commits and returns the changes since the last commit. */
  CacheUpdate commit() {
    List<InstanceChange> changes = new ArrayList<>();
    List<IdConflict> conflicts = new ArrayList<>();
    touched.forEach((id, before) -> {
      changeOf(id, before, nodes.latest(id)).ifPresent(changes::add);
      if (!nodes.isUnambiguous() || !reported.isEmpty()) {
        conflictOf(id).ifPresent(conflicts::add);
      }
    });
    CacheUpdate commit = new CacheUpdate(
        live(),
        serverTime,
        Collections.unmodifiableList(changes),
        newPolicy,
        List.copyOf(problems),
        List.copyOf(skips),
        Collections.unmodifiableList(conflicts));
    touched.clear();
    problems.clear();
    skips.clear();
    newPolicy = Optional.empty();
    return commit;
  }

  /** The nodes that count, in the order of the ids. */
  List<LiveNode> live() {
    return nodes.latest();
  }

  private void note(Stat stat) {
    serverTime = Math.max(serverTime, Math.max(stat.getCtime(), stat.getMtime()));
  }

  /** A node that cannot be read now but could be before is still alive: its last instance stays. */
  private void skip(NodeRef ref, Stat stat, boolean oversized, String reason) {
    CachedNode before = nodes.find(ref);
    UnusableNode now = new UnusableNode(stat.getCzxid(), stat.getMzxid(), oversized);
    if (now.equals(before == null ? odd.get(ref) : oddOf(before))) {
      return;
    }
    note(stat);
    oversizedSeen |= oversized;
    if (before != null && before.czxid == now.czxid) {
      replace(before, before.with(stat, oversized));
    } else {
      if (before != null) {
        forget(before);
      }
      odd.put(ref, now);
    }
    skips.add(new SkippedNode(ref, reason));
  }

  private static UnusableNode oddOf(CachedNode known) {
    return new UnusableNode(known.czxid, known.mzxid, known.oversized);
  }

  private void replace(@Nullable CachedNode before, CachedNode after) {
    if (before != null) {
      forget(before);
    }
    touch(after);
    nodes.add(after);
  }

  private void forget(CachedNode known) {
    touch(known);
    nodes.remove(known);
  }

  /** Remembers which node counted for an id at the last commit. */
  private void touch(CachedNode node) {
    String id = node.instance().id();
    touched.putIfAbsent(id, nodes.latest(id));
  }

  private static Optional<InstanceChange> changeOf(
      String id, Optional<CachedNode> before, Optional<CachedNode> after) {
    if (before.isEmpty()) {
      return after.map(now -> new InstanceChange(id, null, now.instance(), ChangeCause.REGISTERED));
    }
    ServiceInstance was = before.get().instance();
    if (after.isEmpty()) {
      ChangeCause cause =
          was.status() == InstanceStatus.LEAVING ? ChangeCause.LEFT : ChangeCause.VANISHED;
      return Optional.of(new InstanceChange(id, was, null, cause));
    }
    ServiceInstance is = after.get().instance();
    if (before.get().czxid != after.get().czxid) {
      return Optional.of(new InstanceChange(id, was, is, ChangeCause.REPLACED));
    }
    return was.equals(is)
        ? Optional.empty()
        : Optional.of(new InstanceChange(id, was, is, ChangeCause.UPDATED));
  }

  private Optional<IdConflict> conflictOf(String id) {
    CachedNode newer = nodes.latest(id).orElse(null);
    for (CachedNode older : nodes.superseded(id)) {
      if (newer != null && newer.conflictsWith(older)) {
        ConflictPair pair = new ConflictPair(newer.ref(), older.ref());
        return pair.equals(reported.put(id, pair))
            ? Optional.empty()
            : Optional.of(
                new IdConflict(id, newer.instance().address(), older.instance().address()));
      }
    }
    reported.remove(id);
    return Optional.empty();
  }

  private static String reasonOf(Decoded<ServiceInstance> decoded) {
    if (decoded instanceof Decoded.TooNew<ServiceInstance> newer) {
      return "format " + newer.version() + ", for readers of " + newer.minReader() + " and later";
    }
    return decoded instanceof Decoded.Malformed<ServiceInstance> bad ? bad.reason() : "";
  }
}
