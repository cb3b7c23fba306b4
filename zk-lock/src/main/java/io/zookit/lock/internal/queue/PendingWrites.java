package io.zookit.lock.internal.queue;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.OwnerRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Writes of owner records to queue nodes: each is sent until it is answered, a newer one of the node replaces it, or the
 * session is over. Used on the loop.
 *
 * <p>An operator writes to the same node to ask for the lock back. So a node is written by version; if the version is
 * another, the node is read, and what the operator wrote is kept in this write and in all later ones.
 */
final class PendingWrites {

  private record Node(SessionHandle handle, ZkPath path) {}

  /**
   * State of a node that is written.
   *
   * @param version the node's version as far as known; it is created as version 0
   * @param revoke what an operator has written into it
   * @param owed what is to be written; null if all is
   * @param isUnderWay whether a request of this node was sent and not answered
   */
  private record WrittenNode(
      int version, @Nullable String revoke, @Nullable OwnerRecord owed, boolean isUnderWay) {

    static final WrittenNode CREATED = new WrittenNode(0, null, null, false);

    WrittenNode toOwed(OwnerRecord record) {
      return new WrittenNode(version, revoke, record, isUnderWay);
    }

    WrittenNode toUnderWay(boolean underWay) {
      return new WrittenNode(version, revoke, owed, underWay);
    }

    /** After a write of that record; a newer one may have come meanwhile. */
    WrittenNode written(OwnerRecord record, int newVersion) {
      return new WrittenNode(newVersion, revoke, record.equals(owed) ? null : owed, false);
    }

    WrittenNode read(SessionHandle.Node node) {
      String kept = OwnerRecord.read(node.data()).map(OwnerRecord::revoke).orElse(revoke);
      return new WrittenNode(node.stat().getVersion(), kept, owed, false);
    }

    WrittenNode refused() {
      return new WrittenNode(version, revoke, null, false);
    }

    byte[] data(OwnerRecord record) {
      return (revoke == null ? record : record.withRevoke(revoke)).encoded();
    }
  }

  private final Map<Node, WrittenNode> nodes = new LinkedHashMap<>();

  /** Replaces the data of a node of a session, however long it takes. */
  void write(SessionHandle handle, ZkPath path, OwnerRecord record) {
    Node node = new Node(handle, path);
    WrittenNode owed = nodes.getOrDefault(node, WrittenNode.CREATED).toOwed(record);
    nodes.put(node, owed);
    if (handle.isConnected() && !owed.isUnderWay) {
      send(node, owed);
    }
  }

  void onConnected(SessionHandle handle) {
    for (Node node : ofSession(handle)) {
      send(node, nodes.getOrDefault(node, WrittenNode.CREATED));
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

  private void send(Node node, WrittenNode state) {
    OwnerRecord record = state.owed;
    if (record != null) {
      nodes.put(node, state.toUnderWay(true));
      node.handle.setData(
          node.path, state.data(record), state.version, set -> onWritten(node, record, set));
    }
  }

  private void onWritten(Node node, OwnerRecord record, Answer<Stat> set) {
    WrittenNode now = nodes.get(node);
    if (now == null) {
      return; // deleted, or its session is over
    }
    if (!set.isAnswered()) {
      nodes.put(node, now.toUnderWay(false)); // sent again at the reconnect
    } else if (set.isOk()) {
      sendRest(node, now.written(record, set.get().getVersion()));
    } else if (set.code() == Code.BADVERSION) {
      node.handle.getData(node.path, null, read -> onRead(node, read));
    } else {
      nodes.put(node, now.refused());
    }
  }

  /** A write whose answer was lost, or an operator's, came in between. */
  private void onRead(Node node, Answer<SessionHandle.Node> read) {
    WrittenNode now = nodes.get(node);
    if (now == null) {
      return;
    }
    if (!read.isAnswered()) {
      nodes.put(node, now.toUnderWay(false));
    } else if (read.isOk()) {
      sendRest(node, now.read(read.get()));
    } else {
      nodes.put(node, now.refused());
    }
  }

  private void sendRest(Node node, WrittenNode state) {
    nodes.put(node, state);
    send(node, state);
  }

  private List<Node> ofSession(SessionHandle handle) {
    List<Node> found = new ArrayList<>(nodes.keySet());
    found.removeIf(node -> node.handle != handle);
    return found;
  }
}
