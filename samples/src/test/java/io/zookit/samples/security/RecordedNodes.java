package io.zookit.samples.security;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NotEmptyException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * Nodes that the modules store below a root, as one text; the configuration has a recording of its own. Each line has
 * the path of a node, whether it is ephemeral, and its data in Base64.
 *
 * <p>{@code recorded/nodes-1.txt} is what {@link Everything} stored when all formats had version 1. It is never
 * recorded again: whatever was stored once has to stay readable indefinitely.
 */
final class RecordedNodes {

  private static final String EPHEMERAL = "E";
  private static final String PERSISTENT = "P";

  private final Map<String, byte[]> data = new TreeMap<>();
  private final Map<String, String> kinds = new TreeMap<>();

  static RecordedNodes read(String name) throws Exception {
    try (InputStream in =
        RecordedNodes.class.getClassLoader().getResourceAsStream("recorded/" + name)) {
      if (in == null) {
        throw new IllegalStateException("recorded/" + name + " is missing");
      }
      RecordedNodes nodes = new RecordedNodes();
      for (String line :
          new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList()) {
        String[] parts = line.split(" ", -1);
        nodes.kinds.put(parts[0], parts[1]);
        nodes.data.put(parts[0], Base64.getDecoder().decode(parts[2]));
      }
      return nodes;
    }
  }

  static RecordedNodes below(ZooKeeper zooKeeper, String root) throws Exception {
    RecordedNodes nodes = new RecordedNodes();
    for (Map.Entry<String, byte[]> each : Outsider.tree(zooKeeper, root).entrySet()) {
      Stat stat = zooKeeper.exists(each.getKey(), false);
      String path = each.getKey().substring(root.length());
      if (stat != null && !path.isEmpty() && !path.startsWith("/config")) {
        nodes.kinds.put(path, stat.getEphemeralOwner() == 0 ? PERSISTENT : EPHEMERAL);
        nodes.data.put(path, each.getValue());
      }
    }
    return nodes;
  }

  /** The text of all. */
  String text() {
    StringBuilder text = new StringBuilder();
    data.forEach((path, bytes) -> text.append(path)
        .append(' ')
        .append(kinds.get(path))
        .append(' ')
        .append(Base64.getEncoder().encodeToString(bytes))
        .append('\n'));
    return text.toString();
  }

  /** Changes the data of each node that holds a record; returns how many. */
  int changeRecords(UnaryOperator<String> change) {
    int changed = 0;
    for (Map.Entry<String, byte[]> each : data.entrySet()) {
      String text = new String(each.getValue(), StandardCharsets.UTF_8);
      if (text.startsWith("{\"v\":1,\"r\":1")) {
        each.setValue(change.apply(text).getBytes(StandardCharsets.UTF_8));
        changed++;
      }
    }
    return changed;
  }

  /** Makes the nodes below a root; those of sessions stay until {@link #endSessions}. */
  void load(ZooKeeper zooKeeper, String root) throws Exception {
    zooKeeper.create(root, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    for (Map.Entry<String, byte[]> each : data.entrySet()) {
      zooKeeper.create(
          root + each.getKey(), each.getValue(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }
  }

  /** Takes away what would have gone with its session. */
  void endSessions(ZooKeeper zooKeeper, String root) throws Exception {
    for (Map.Entry<String, String> each : kinds.entrySet()) {
      if (each.getValue().equals(EPHEMERAL)) {
        try {
          zooKeeper.delete(root + each.getKey(), -1);
        } catch (NoNodeException | NotEmptyException e) {
          throw new IllegalStateException(each.getKey() + " cannot go", e);
        }
      }
    }
  }
}
