package io.zookit.lock;

import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes to own queue nodes that others wait for: each is sent until it is answered, a newer one of the node takes its
 * place, or the session is over. Lives on the loop.
 */
final class OwnWrites {

  private record Node(SessionHandle handle, ZkPath path) {}

  private final Map<Node, byte[]> owed = new LinkedHashMap<>();

  /** Replaces the data of a node of a session, however long it takes. */
  void write(SessionHandle handle, ZkPath path, byte[] data) {
    Node node = new Node(handle, path);
    owed.put(node, data);
    if (handle.isConnected()) {
      send(node, data);
    }
  }

  void onConnected(SessionHandle handle) {
    Map<Node, byte[]> again = new LinkedHashMap<>(owed);
    again.keySet().retainAll(ofSession(handle));
    again.forEach(this::send);
  }

  void onLost(SessionHandle handle) {
    ofSession(handle).forEach(owed::remove);
  }

  /** The node is given up: nothing is to be written any more. */
  void forget(SessionHandle handle, ZkPath path) {
    owed.remove(new Node(handle, path));
  }

  int size() {
    return owed.size();
  }

  private void send(Node node, byte[] data) {
    node.handle.setData(node.path, data, -1, set -> {
      if (set.isAnswered()) {
        owed.remove(node, data);
      }
    });
  }

  private List<Node> ofSession(SessionHandle handle) {
    List<Node> nodes = new ArrayList<>(owed.keySet());
    nodes.removeIf(node -> node.handle != handle);
    return nodes;
  }
}
