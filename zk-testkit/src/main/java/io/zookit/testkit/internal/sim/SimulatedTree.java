package io.zookit.testkit.internal.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.jspecify.annotations.Nullable;

/**
 * The data of one replica and the rules of every transaction: no time, no network, no watches.
 *
 * <p>{@link #decide} turns a request into changes or a refusal and changes nothing, as ZooKeeper's leader does before it
 * proposes; {@link #apply} performs decided changes, on the leader and later on every other server.
 */
public final class SimulatedTree {

  /**
   * The outcome of a request.
   *
   * @param code {@code OK}, or why nothing changes
   * @param refusedAt the index of the refused operation; −1 if none was refused
   * @param changes one for each operation; empty if one was refused
   */
  record Decision(Code code, int refusedAt, List<TreeChange> changes) {

    private static Decision refused(Code code, int at) {
      return new Decision(code, at, List.of());
    }

    boolean isOk() {
      return code == Code.OK;
    }
  }

  /** A node as it will be when the operations before are done. */
  private static final class PendingNode {
    boolean exists;
    int version;
    int children;
    int created;
    long owner;

    PendingNode(@Nullable SimulatedNode node) {
      exists = node != null;
      if (node != null) {
        version = node.version;
        children = node.children.size();
        created = node.created;
        owner = node.owner;
      }
    }

    boolean isEphemeral() {
      return owner != 0 && owner != SimulatedNode.CONTAINER;
    }
  }

  /** The operations of one request, each decided behind those before it. */
  private final class TransactionPlanner {
    private final Map<String, PendingNode> drafts = new HashMap<>();
    private final long session;
    private final boolean comparesVersions;
    final List<TreeChange> changes = new ArrayList<>();

    TransactionPlanner(long session, boolean comparesVersions) {
      this.session = session;
      this.comparesVersions = comparesVersions;
    }

    private PendingNode draft(String path) {
      return drafts.computeIfAbsent(path, missing -> new PendingNode(nodes.get(path)));
    }

    Code decide(Op operation) {
      String path = operation.getPath();
      return switch (operation.getType()) {
        case OpCode.create, OpCode.create2, OpCode.createContainer ->
          create(path, (CreateRequest) operation.toRequestRecord());
        case OpCode.delete ->
          delete(path, ((DeleteRequest) operation.toRequestRecord()).getVersion());
        case OpCode.setData -> {
          SetDataRequest request = (SetDataRequest) operation.toRequestRecord();
          yield setData(path, request.getData(), request.getVersion());
        }
        case OpCode.check ->
          check(path, ((CheckVersionRequest) operation.toRequestRecord()).getVersion());
        default -> Code.UNIMPLEMENTED;
      };
    }

    private Code create(String asked, CreateRequest request) {
      CreateMode mode = mode(request);
      PendingNode parent = draft(parentOf(asked));
      if (!parent.exists) {
        return Code.NONODE;
      }
      String path = mode.isSequential()
          ? asked + String.format(Locale.ENGLISH, "%010d", parent.created)
          : asked;
      PendingNode node = draft(path);
      if (node.exists) {
        return Code.NODEEXISTS;
      }
      if (parent.isEphemeral()) {
        return Code.NOCHILDRENFOREPHEMERALS;
      }
      long owner = mode.isContainer() ? SimulatedNode.CONTAINER : mode.isEphemeral() ? session : 0;
      parent.created++;
      parent.children++;
      node.exists = true;
      node.version = 0;
      node.children = 0;
      node.created = 0;
      node.owner = owner;
      byte[] data = request.getData();
      changes.add(new TreeChange.NewNode(
          path, data == null ? NO_DATA : data, List.copyOf(request.getAcl()), owner));
      return Code.OK;
    }

    private Code delete(String path, int version) {
      PendingNode node = draft(path);
      if (!node.exists) {
        return Code.NONODE;
      }
      if (differs(version, node.version)) {
        return Code.BADVERSION;
      }
      if (node.children > 0) {
        return Code.NOTEMPTY;
      }
      node.exists = false;
      draft(parentOf(path)).children--;
      changes.add(new TreeChange.RemovedNode(path, node.isEphemeral() ? node.owner : 0));
      return Code.OK;
    }

    private Code setData(String path, byte @Nullable [] data, int version) {
      PendingNode node = draft(path);
      if (!node.exists) {
        return Code.NONODE;
      }
      if (differs(version, node.version)) {
        return Code.BADVERSION;
      }
      node.version++;
      changes.add(new TreeChange.NewData(path, data == null ? NO_DATA : data));
      return Code.OK;
    }

    private Code check(String path, int version) {
      PendingNode node = draft(path);
      if (!node.exists) {
        return Code.NONODE;
      }
      changes.add(new TreeChange.CheckedNode(path));
      return differs(version, node.version) ? Code.BADVERSION : Code.OK;
    }

    private boolean differs(int version, int present) {
      return comparesVersions && version != -1 && version != present;
    }
  }

  private static final byte[] NO_DATA = {};

  private final Map<String, SimulatedNode> nodes = new HashMap<>();
  private long zxid;

  SimulatedTree() {
    nodes.put("/", new SimulatedNode(NO_DATA, Ids.OPEN_ACL_UNSAFE, 0, 0, 0));
  }

  SimulatedTree copy() {
    SimulatedTree copy = new SimulatedTree();
    nodes.forEach((path, node) -> copy.nodes.put(path, node.copy()));
    copy.zxid = zxid;
    return copy;
  }

  /** The last transaction applied. */
  public long zxid() {
    return zxid;
  }

  void zxid(long reached) {
    zxid = reached;
  }

  /** The node at a path; null if there is none. */
  public @Nullable SimulatedNode find(String path) {
    return nodes.get(path);
  }

  /** The paths of the nodes that satisfy a condition, in the order of their creation. */
  public List<String> where(Predicate<SimulatedNode> condition) {
    return nodes.entrySet().stream()
        .filter(entry -> condition.test(entry.getValue()))
        .sorted(Comparator.comparingLong(
                (Map.Entry<String, SimulatedNode> entry) -> entry.getValue().czxid)
            .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The paths of a session's nodes, in the order of their creation. */
  public List<String> ephemerals(long session) {
    return where(node -> node.owner == session);
  }

  /**
   * Decides what becomes of operations that are to be done all or none.
   *
   * @param refusals an answer other than {@code OK} refuses an operation that would be accepted
   */
  Decision decide(
      List<Op> operations,
      long session,
      boolean comparesVersions,
      BiFunction<Op, Long, Code> refusals) {
    TransactionPlanner planner = new TransactionPlanner(session, comparesVersions);
    for (int i = 0; i < operations.size(); i++) {
      Op operation = operations.get(i);
      Code code = planner.decide(operation);
      if (code == Code.OK) {
        code = refusals.apply(operation, session);
      }
      if (code != Code.OK) {
        return Decision.refused(code, i);
      }
    }
    return new Decision(Code.OK, -1, List.copyOf(planner.changes));
  }

  /** Decides about a new access list; version −1 is any. */
  Decision decideAcl(String path, List<ACL> acl, int version) {
    SimulatedNode node = nodes.get(path);
    if (node == null) {
      return Decision.refused(Code.NONODE, 0);
    }
    return version != -1 && version != node.aclVersion
        ? Decision.refused(Code.BADVERSION, 0)
        : new Decision(Code.OK, -1, List.of(new TreeChange.NewAcl(path, List.copyOf(acl))));
  }

  /** Performs a decided change; returns the stat of the changed node, null for a delete and a check. */
  @Nullable
  Stat apply(TreeChange change, long at, long millis) {
    zxid = at;
    if (change instanceof TreeChange.NewNode create) {
      SimulatedNode node =
          new SimulatedNode(create.data(), create.acl(), create.owner(), at, millis);
      nodes.put(create.path(), node);
      SimulatedNode parent = require(parentOf(create.path()));
      parent.children.add(nameOf(create.path()));
      parent.created++;
      parent.pzxid = at;
      return node.stat();
    }
    if (change instanceof TreeChange.RemovedNode) {
      nodes.remove(change.path());
      SimulatedNode parent = require(parentOf(change.path()));
      parent.children.remove(nameOf(change.path()));
      parent.pzxid = at;
      return null;
    }
    if (change instanceof TreeChange.NewData set) {
      SimulatedNode node = require(set.path());
      node.data = set.data();
      node.mzxid = at;
      node.mtime = millis;
      node.version++;
      return node.stat();
    }
    if (change instanceof TreeChange.NewAcl set) {
      SimulatedNode node = require(set.path());
      node.acl = set.acl();
      node.aclVersion++;
      return node.stat();
    }
    return null;
  }

  /** The results of operations that were accepted. */
  static List<OpResult> results(
      List<Op> operations, List<TreeChange> changes, List<@Nullable Stat> stats) {
    List<OpResult> results = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      TreeChange change = changes.get(i);
      if (change instanceof TreeChange.NewNode create) {
        results.add(
            operations.get(i).getType() == OpCode.create
                ? new OpResult.CreateResult(create.path())
                : new OpResult.CreateResult(create.path(), stats.get(i)));
      } else if (change instanceof TreeChange.RemovedNode) {
        results.add(new OpResult.DeleteResult());
      } else if (change instanceof TreeChange.CheckedNode) {
        results.add(new OpResult.CheckResult());
      } else {
        results.add(new OpResult.SetDataResult(stats.get(i)));
      }
    }
    return results;
  }

  /** The results of operations of which one was refused. */
  static List<OpResult> refusals(int count, int refusedAt, Code code) {
    List<OpResult> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Code each = i == refusedAt ? code : i < refusedAt ? Code.OK : Code.RUNTIMEINCONSISTENCY;
      results.add(new OpResult.ErrorResult(each.intValue()));
    }
    return results;
  }

  private static CreateMode mode(CreateRequest request) {
    try {
      return CreateMode.fromFlag(request.getFlags());
    } catch (KeeperException e) {
      throw new IllegalStateException(e);
    }
  }

  private SimulatedNode require(String path) {
    SimulatedNode node = nodes.get(path);
    if (node == null) {
      throw new IllegalStateException("the simulation lost " + path);
    }
    return node;
  }

  /** The path of the parent. */
  public static String parentOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  /** The last element of a path. */
  public static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
