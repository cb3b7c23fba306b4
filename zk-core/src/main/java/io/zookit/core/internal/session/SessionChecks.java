package io.zookit.core.internal.session;

import io.zookit.core.internal.path.ZkPath;
import java.util.function.Consumer;
import org.apache.zookeeper.data.Stat;

/** The checks of ZooKeeper's data that a client makes at every connect, before its listeners are notified. On the loop. */
public interface SessionChecks {

  /** The node whose watch reports the state of the connection to the tracker. */
  ZkPath watchedPath();

  /** Receives each answer to a read of the watched node. */
  void onWatchedRead(SessionHandle handle, Answer<Stat> read);

  /**
   * Reads and compares the data.
   *
   * @param answered receives whether all of it was answered
   */
  void check(SessionHandle handle, Consumer<Boolean> answered);

  /** Tells if the periodic check is due. */
  boolean isDue();

  /**
   * Makes the periodic check, one read.
   *
   * @param answered receives whether it was answered
   */
  void checkAgain(SessionHandle handle, Consumer<Boolean> answered);

  /** Removes the watchers of the checks from the session in use, which continues without this client; the last call. */
  void forget();
}
