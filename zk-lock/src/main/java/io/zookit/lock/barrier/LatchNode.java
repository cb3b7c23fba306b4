package io.zookit.lock.barrier;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/**
 * The nodes of a latch.
 *
 * <pre>
 *   /&lt;root&gt;/latches/&lt;name, nested&gt;/~l              PERSISTENT, data: {@link LatchRecord}
 *                                    /g&lt;generation&gt;   PERSISTENT
 *                                        /&lt;count-down&gt; PERSISTENT, a unique name
 * </pre>
 */
final class LatchNode {

  private static final String GENERATION = "g";

  private final CoreClient client;
  private final String name;
  private final int initial;
  private final ZkPath path;
  private final Folders folders;

  LatchNode(Barriers barriers, String name, int initial) {
    this.client = barriers.client();
    this.name = ZkPath.requireNestedName("latch", name);
    this.initial = initial;
    this.path = client.rootPath().own("latches").nested(name).own("~l");
    this.folders = barriers.folders("latches", name);
  }

  String name() {
    return name;
  }

  ZkPath path() {
    return path;
  }

  /** The folders above it. */
  Folders folders() {
    return folders;
  }

  ZkPath generation(long number) {
    return path.own(GENERATION + number);
  }

  /** Tells if a child is the folder of a generation before the given one. */
  static boolean isBefore(String child, long generation) {
    return child.startsWith(GENERATION) && Long.parseLong(child.substring(1)) < generation;
  }

  /** The operations that make it. */
  List<Op> making() {
    return List.of(create(path, new LatchRecord(1, initial).encoded()), creating(1));
  }

  /** The operation that makes the folder of a generation. */
  Op creating(long generation) {
    return create(generation(generation), new byte[0]);
  }

  /** The operation that makes a persistent node. */
  Op create(ZkPath node, byte[] data) {
    return Op.create(node.value(), data, client.acl(node), CreateMode.PERSISTENT);
  }

  @Override
  public String toString() {
    return "latch " + name;
  }
}
