package io.zookit.testkit.internal.server;

import io.zookit.testkit.ZkNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.server.DataNode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.EphemeralType;

/** Looking into, and tampering with, the data of a server in this JVM. */
public final class ServerTree {

  private ServerTree() {}

  public static List<ZkNode> below(String path, DataTree tree) {
    List<ZkNode> found = new ArrayList<>();
    collect(path.equals("/") ? "" : path, tree, found);
    Collections.sort(found);
    return List.copyOf(found);
  }

  /** Returns whether the root has no data and is open to all, as in a new tree. */
  public static boolean isRootUntouched(DataTree tree) {
    DataNode root = tree.getNode("/");
    byte[] data;
    synchronized (root) {
      data = root.getData();
    }
    return (data == null || data.length == 0)
        && tree.getACL(root).equals(ZooDefs.Ids.OPEN_ACL_UNSAFE);
  }

  public static void setSequence(String path, int next, DataTree tree) {
    DataNode node = tree.getNode(path);
    if (node == null) {
      throw new IllegalArgumentException("path: \"" + path + "\" (expected: a node)");
    }
    int present;
    long pzxid;
    synchronized (node) {
      present = node.stat.getCversion();
      pzxid = node.stat.getPzxid();
    }
    if (next <= present) {
      throw new IllegalArgumentException(
          "next: " + next + " (expected: greater than " + present + ")");
    }
    try {
      tree.setCversionPzxid(path, next, pzxid);
    } catch (KeeperException.NoNodeException e) {
      throw new IllegalArgumentException("path: \"" + path + "\" (expected: a node)", e);
    }
  }

  /** Sets the version of a node's data. */
  public static void setVersion(String path, int version, DataTree tree) {
    DataNode node = tree.getNode(path);
    if (node == null) {
      throw new IllegalArgumentException("path: \"" + path + "\" (expected: a node)");
    }
    synchronized (node) {
      node.stat.setVersion(version);
    }
  }

  private static void collect(String path, DataTree tree, List<ZkNode> found) {
    DataNode node = tree.getNode(path);
    if (node == null) {
      return;
    }
    List<String> children;
    synchronized (node) {
      children = List.copyOf(node.getChildren());
    }
    for (String child : children) {
      String below = path + "/" + child;
      DataNode each = tree.getNode(below);
      if (each != null && !below.equals("/zookeeper")) {
        found.add(new ZkNode(below, isEphemeral(each)));
        collect(below, tree, found);
      }
    }
  }

  private static boolean isEphemeral(DataNode node) {
    synchronized (node) {
      return EphemeralType.get(node.stat.getEphemeralOwner()) == EphemeralType.NORMAL;
    }
  }
}
