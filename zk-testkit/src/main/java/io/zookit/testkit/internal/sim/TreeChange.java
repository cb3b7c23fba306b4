package io.zookit.testkit.internal.sim;

import java.util.List;
import org.apache.zookeeper.data.ACL;

/** One decided change of the tree: every replica applies the same changes in the same order. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public sealed interface TreeChange {

  /** The changed node. */
  String path();

  /** A new node. */
  record NewNode(String path, byte[] data, List<ACL> acl, long owner) implements TreeChange {}

  /**
   * No node any more.
   *
   * @param owner the session that owned it; 0 for a node that was not ephemeral
   */
  record RemovedNode(String path, long owner) implements TreeChange {}

  /** New data. */
  record NewData(String path, byte[] data) implements TreeChange {}

  /** A new access list. */
  record NewAcl(String path, List<ACL> acl) implements TreeChange {}

  /** A check that held: nothing changes. */
  record CheckedNode(String path) implements TreeChange {}
}
