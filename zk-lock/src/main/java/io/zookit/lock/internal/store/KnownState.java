package io.zookit.lock.internal.store;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;

/**
 * Content of a lock's state node, with its version.
 *
 * @param version {@link #ABSENT} when there is no node
 */
public record KnownState(LockState state, int version) {

  public static final int ABSENT = -2;

  /**
   * Returns the state that was read; empty if there is no node.
   *
   * @throws io.zookit.core.ZkException if it is of another kind, or cannot be understood
   */
  public static KnownState of(Answer<SessionHandle.Node> read, String kind, ZkPath node) {
    return read.isOk()
        ? new KnownState(
            LockState.read(read.get().data(), kind, node), read.get().stat().getVersion())
        : new KnownState(LockState.empty(kind), ABSENT);
  }

  /** Returns whether there is no node. */
  public boolean isAbsent() {
    return version == ABSENT;
  }

  /** The operation that replaces it, and fails when something else stands there. */
  public Op replacing(ZkPath node, LockState next, List<ACL> acl) {
    return isAbsent()
        ? Op.create(node.value(), next.encoded(), acl, CreateMode.PERSISTENT)
        : Op.setData(node.value(), next.encoded(), version);
  }

  /** Returns whether a refusal of {@link #replacing} says that something else is stored. */
  boolean isOutdatedBy(Code refusal) {
    return isAbsent()
        ? refusal == Code.NODEEXISTS
        : refusal == Code.BADVERSION || refusal == Code.NONODE;
  }

  /** Returns the state after it was replaced. */
  public KnownState after(LockState next) {
    return new KnownState(next, version == ABSENT ? 0 : version + 1);
  }
}
