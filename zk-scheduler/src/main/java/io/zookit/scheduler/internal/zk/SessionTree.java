package io.zookit.scheduler.internal.zk;

import io.zookit.core.Subscription;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import java.util.List;
import java.util.function.Consumer;

/**
 * One session's view of ZooKeeper, as far as the ledger needs it: so little that a model of it can be written down and
 * the whole protocol run against the model. Used, and answered, on one loop.
 */
public interface SessionTree {

  /** Returns whether requests are sent. */
  boolean isConnected();

  /** Returns whether the nodes that the session owns may be trusted: connected, and answered within the timeout. */
  boolean isSafe();

  /** Returns whether the session has ended permanently. */
  boolean isOver();

  /** Nanoseconds until what the session owns is not to be trusted any more. */
  long remaining();

  /** Reads nodes, each present or absent, in one request. */
  void read(List<ZkPath> paths, Consumer<Answer<List<Found>>> reply);

  /** Lists children. */
  void list(ZkPath path, Consumer<Answer<List<String>>> reply);

  /** Waits for the server to have all that was committed before. */
  void sync();

  /**
   * Commits all changes or none; the stamps are those of each change, in order. A refusal may have a value too: as many
   * stamps as changes stand before the one that was refused.
   */
  void commit(List<WriteOp> changes, Consumer<Answer<List<Stamp>>> reply);

  /** Makes persistent folders that are missing, outermost first. */
  void ensure(List<ZkPath> folders, Consumer<Answer<Boolean>> reply);

  /**
   * Reports each change of a node's data or children until the session is over.
   *
   * @return closing it ends the reports and removes the watch
   */
  Subscription follow(ZkPath path, Runnable changed);

  /** A node as it was read. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Found(
      boolean exists, byte[] data, int version, int children, long zxid, long mtime, boolean mine) {

    private static final byte[] NO_DATA = {};
    public static final Found ABSENT = new Found(false, NO_DATA, -1, 0, 0, 0, false);
  }

  /** Result of a change: the node's new version, the transaction and the leader's clock. */
  record Stamp(int version, long zxid, long mtime) {}

  /** One part of a commit. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  sealed interface WriteOp {

    /** The node exists in this version. */
    record Check(ZkPath path, int version) implements WriteOp {}

    /** New data for a version. */
    record Put(ZkPath path, byte[] data, int version) implements WriteOp {}

    /** A new node. */
    record Make(ZkPath path, byte[] data, boolean ephemeral) implements WriteOp {}

    /** No node; version −1 is any. */
    record Drop(ZkPath path, int version) implements WriteOp {}
  }
}
