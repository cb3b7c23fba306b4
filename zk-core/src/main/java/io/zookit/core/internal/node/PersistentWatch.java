package io.zookit.core.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;

/**
 * A persistent recursive watch on a folder, in one session.
 *
 * <p><i>Threads:</i> used on the loop.
 */
public final class PersistentWatch {

  private final SessionHandle handle;
  private final ZkPath folder;
  private final Watcher watcher;

  /** Creates a watch that is not set yet. */
  public PersistentWatch(SessionHandle handle, ZkPath folder, Consumer<WatchedEvent> listener) {
    this.handle = handle;
    this.folder = folder;
    this.watcher = handle.watcher(listener);
  }

  /** The session it belongs to. */
  public SessionHandle handle() {
    return handle;
  }

  /** The watcher that receives the events. */
  public Watcher watcher() {
    return watcher;
  }

  /**
   * Sets the watch.
   *
   * @param set runs when it is set
   * @param refused receives the code by which a server without persistent watches refuses it
   */
  public void set(Runnable set, Consumer<Code> refused) {
    handle.addWatch(folder, watcher, AddWatchMode.PERSISTENT_RECURSIVE, answer -> {
      if (answer.isOk()) {
        set.run();
      } else if (answer.code() == Code.MARSHALLINGERROR || answer.isAnswered()) {
        // A watch manager without persistent watches fails, and the server calls that a marshalling
        // error.
        refused.accept(answer.code());
      }
    });
  }

  /** Removes the watch; runs a task when the server has answered. */
  public void remove(Runnable removed) {
    // Of any kind: servers before 3.9 know no other, and the library calls their refusal OK.
    handle.removeWatch(folder, WatcherType.Any, watcher, answer -> {
      if (answer.isAnswered()) {
        removed.run();
      }
    });
  }
}
