package io.zookit.testkit;

/**
 * A node as the server has it.
 *
 * @param path the absolute path
 * @param ephemeral whether it ends with a session
 */
public record ZkNode(String path, boolean ephemeral) implements Comparable<ZkNode> {

  @Override
  public int compareTo(ZkNode other) {
    return path.compareTo(other.path);
  }

  @Override
  public String toString() {
    return ephemeral ? path + " (ephemeral)" : path;
  }
}
