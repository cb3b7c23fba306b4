package io.zookit.lock.internal.numbered;

import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.NumberedLeases;
import io.zookit.lock.internal.store.KnownState;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/**
 * The count of {@link NumberedLeases}: that of this process, and the one for all processes, which is stored in
 * {@code /<root>/locks-state/<name>}. Used on the loop.
 */
public final class LeaseCount {

  private final ZkPath path;
  private final Folders folders;
  private final String name;
  private final int count;

  /** Creates a count that is compared with the stored one, but not sent. */
  public LeaseCount(CoreClient client, String name, int count) {
    LockStateNode node = new LockStateNode(client, name);
    this.path = node.path();
    this.folders = node.folders().persistent(client, path);
    this.name = name;
    this.count = count;
  }

  /** The count of this process. */
  public int count() {
    return count;
  }

  /** The node with the stored count. */
  ZkPath path() {
    return path;
  }

  /**
   * Compares what was read with the count of this process.
   *
   * @return false if no count is stored yet
   * @throws ZkException if the counts differ, or the node belongs to another recipe
   */
  boolean isAgreed(KnownState stored) {
    Integer theirs = stored.state().maximum();
    if (theirs == null) {
      return false;
    }
    if (theirs != count) {
      throw new ZkException("numbered leases " + name + ": " + count + " numbers (expected: "
          + theirs + ", as all processes; raise() raises what is stored)");
    }
    return true;
  }

  /**
   * Stores the count in place of what was read, unless that has changed. A missing node is created empty first, so that
   * the answer is {@code BADVERSION} if another process was faster, whatever was read.
   */
  void store(SessionHandle handle, KnownState before, Consumer<Answer<Stat>> done) {
    int version = before.version() == KnownState.ABSENT ? 0 : before.version();
    byte[] data = LockState.numbers(count).encoded();
    CreateWithParents.of(
            handle,
            folders,
            (Consumer<Answer<Stat>> set) -> handle.setData(path(), data, version, set),
            done)
        .send();
  }

  /** Raises what is stored to the count of this process; done when it is stored. */
  public void raise(SessionHandle handle, CompletableFuture<Void> done) {
    handle.getData(path(), null, read -> {
      if (!read.isOk() && read.code() != Code.NONODE) {
        done.completeExceptionally(KeeperErrors.of(read.code(), path()));
        return;
      }
      try {
        raise(handle, KnownState.of(read, LockState.NUMBERS, path()), done);
      } catch (ZkException e) {
        done.completeExceptionally(e);
      }
    });
  }

  private void raise(SessionHandle handle, KnownState stored, CompletableFuture<Void> done) {
    Integer theirs = stored.state().maximum();
    if (theirs != null && theirs > count) {
      throw new ZkException("numbered leases " + name + ": " + count + " numbers (expected: "
          + theirs + " or more, there are never fewer than before)");
    }
    if (theirs != null && theirs == count) {
      done.complete(null);
      return;
    }
    store(handle, stored, set -> {
      if (set.isOk()) {
        done.complete(null);
      } else if (set.code() == Code.BADVERSION) {
        raise(handle, done);
      } else {
        done.completeExceptionally(KeeperErrors.of(set.code(), path()));
      }
    });
  }
}
