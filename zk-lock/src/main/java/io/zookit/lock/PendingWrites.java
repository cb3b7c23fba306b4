package io.zookit.lock;

import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Writes an owner's record to its queue nodes: each is sent until it is answered, a newer one of the node takes its
 * place, or the session is over. Used on the loop.
 *
 * <p>An operator writes to the same node when it asks for the lock back. So a node is written by version; if the version
 * is another, the node is read and what the operator wrote is kept in this write and in all later ones.
 */
final class PendingWrites {

  private record Node(SessionHandle handle, ZkPath path) {}

  /**
   * State of a node that is written.
   *
   * @param version the node's version as far as known; it is created as version 0
   * @param revoke what an operator has written into it
   * @param owed what is to be written; null if all is
   */
  private record WrittenNode(
      int version, @Nullable String revoke, @Nullable OwnerRecord owed) {

    static final WrittenNode CREATED = new WrittenNode(0, null, null);

    byte[] data(OwnerRecord record) {
      return (revoke == null ? record : record.withRevoke(revoke)).encoded();
    }
  }

  private final Map<Node, WrittenNode> nodes = new LinkedHashMap<>();
  private final Set<Node> unanswered = new HashSet<>();

  /** Replaces the data of a node of a session, however long it takes. */
  void write(SessionHandle handle, ZkPath path, OwnerRecord record) {
    Node node = new Node(handle, path);
    WrittenNode before = nodes.getOrDefault(node, WrittenNode.CREATED);
    nodes.put(node, new WrittenNode(before.version, before.revoke, record));
    if (handle.isConnected() && !unanswered.contains(node)) {
      send(node, record);
    }
  }

  void onConnected(SessionHandle handle) {
    for (Node node : ofSession(handle)) {
      OwnerRecord owed = known(node).owed;
      if (owed != null) {
        send(node, owed);
      }
    }
  }

  void onLost(SessionHandle handle) {
    ofSession(handle).forEach(nodes::remove);
  }

  /** Ends all writes to a node that is being deleted. */
  void forget(SessionHandle handle, ZkPath path) {
    nodes.remove(new Node(handle, path));
  }

  /** Returns the number of nodes with a write that is not answered yet. */
  int size() {
    return (int) nodes.values().stream().filter(known -> known.owed != null).count();
  }

  private void send(Node node, OwnerRecord record) {
    WrittenNode known = known(node);
    unanswered.add(node);
    node.handle.setData(
        node.path, known.data(record), known.version, set -> onWritten(node, record, set));
  }

  private void onWritten(Node node, OwnerRecord record, Answer<Stat> set) {
    unanswered.remove(node);
    WrittenNode now = nodes.get(node);
    if (now == null || now.owed == null || !set.isAnswered()) {
      return;
    }
    boolean isNewest = record.equals(now.owed);
    if (set.isOk()) {
      nodes.put(
          node, new WrittenNode(set.get().getVersion(), now.revoke, isNewest ? null : now.owed));
      if (!isNewest) {
        send(node, now.owed);
      }
    } else if (set.code() == Code.BADVERSION) {
      unanswered.add(node);
      node.handle.getData(node.path, null, read -> onRead(node, read));
    } else {
      nodes.put(node, new WrittenNode(now.version, now.revoke, null));
    }
  }

  /** A write whose answer was lost, or an operator's, came in between. */
  private void onRead(Node node, Answer<SessionHandle.Node> read) {
    unanswered.remove(node);
    WrittenNode now = nodes.get(node);
    if (now == null || now.owed == null || !read.isAnswered()) {
      return;
    }
    if (read.isOk()) {
      String revoke =
          OwnerRecord.read(read.get().data()).map(OwnerRecord::revoke).orElse(now.revoke);
      nodes.put(node, new WrittenNode(read.get().stat().getVersion(), revoke, now.owed));
      send(node, now.owed);
    } else {
      nodes.put(node, new WrittenNode(now.version, now.revoke, null));
    }
  }

  private WrittenNode known(Node node) {
    return nodes.getOrDefault(node, WrittenNode.CREATED);
  }

  private List<Node> ofSession(SessionHandle handle) {
    List<Node> found = new ArrayList<>(nodes.keySet());
    found.removeIf(node -> node.handle != handle);
    return found;
  }
}
