package io.zookit.lock.barrier;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import java.util.Comparator;
import java.util.List;
import org.apache.zookeeper.Op;

/**
 * The nodes of a double barrier.
 *
 * <pre>
 *   /&lt;root&gt;/barriers/&lt;name, nested&gt;/~b                     PERSISTENT, data: {@link BarrierRecord}
 *                                     /m&lt;member&gt;-&lt;sequence&gt;   EPHEMERAL_SEQUENTIAL, a unique name
 * </pre>
 *
 * <p>Every transition of a round replaces the record in the version in which it was decided:
 *
 * <pre>
 *   gathering, generation g ──all members exist: check of each───────► open, generation g, with their names
 *          ▲                                                                       │
 *          └──────────── generation g + 1 ◄──none of the named is left─────────────┘
 * </pre>
 */
final class BarrierNode {

  private static final int DIGITS = 10;

  private final CoreClient client;
  private final String name;
  private final int members;
  private final ZkPath path;
  private final Folders folders;

  BarrierNode(Barriers barriers, String name, int members) {
    this.client = barriers.client();
    this.name = ZkPath.requireNestedName("barrier", name);
    this.members = members;
    this.path = client.rootPath().own("barriers").nested(name).own("~b");
    this.folders = barriers
        .folders("barriers", name)
        .persistent(client, path, BarrierRecord.gathering(1, members).encoded());
  }

  String name() {
    return name;
  }

  /** The number of members of a round. */
  int members() {
    return members;
  }

  ZkPath path() {
    return path;
  }

  /** The folders above the node of a member: the barrier and its parents. */
  Folders folders() {
    return folders;
  }

  /** The prefix of the name of a member's node. */
  static String prefix(String member) {
    return "m" + member + "-";
  }

  /** The operation that replaces the record. */
  Op replacing(BarrierRecord next, int version) {
    return Op.setData(path.value(), next.encoded(), version);
  }

  /** The members among the children, in the order in which they came. */
  static List<String> inOrder(List<String> children) {
    return children.stream()
        .filter(child -> child.length() > DIGITS && child.startsWith("m"))
        .sorted(Comparator.comparing(child -> child.substring(child.length() - DIGITS)))
        .toList();
  }

  @Override
  public String toString() {
    return "barrier " + name;
  }
}
