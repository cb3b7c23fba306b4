package io.zookit.lock.barrier;

import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/** A visit that follows a double barrier in one session. Used on the loop. */
abstract class BarrierVisit<T> extends Visit<T> {

  final BarrierNode barrier;
  private @Nullable WatchedNode watched;
  private @Nullable SessionHandle followed;

  BarrierVisit(Barriers barriers, BarrierNode barrier) {
    super(barriers);
    this.barrier = barrier;
  }

  /** The barrier is like that, now. */
  abstract void onBarrier(
      SessionHandle handle, BarrierRecord record, int version, List<String> children);

  /** Follows the barrier from now on, or reads it again in a session that is connected again. */
  final void follow(SessionHandle handle) {
    followed = handle;
    if (watched == null) {
      watched = new WatchedNode(barriers, barrier.path(), barrier.path(), this::onChanged);
    }
    watched.onConnected(handle);
  }

  /** Decides again, unless an event has shown that the barrier has changed: then it is being read. */
  final void decideAgain() {
    if (watched != null) {
      watched.reportIfKnown();
    }
  }

  private void onChanged() {
    WatchedNode seen = watched;
    SessionHandle handle = followed;
    if (isOver() || seen == null || handle == null) {
      return;
    }
    if (!seen.data().isOk() || !seen.children().isOk()) {
      Code code = seen.data().isOk() ? seen.children().code() : seen.data().code();
      fail(
          code == Code.NONODE
              ? new BarrierBrokenException(barrier + ": was removed")
              : KeeperErrors.of(code, barrier.path()));
      return;
    }
    try {
      BarrierRecord record = BarrierRecord.read(seen.data().get().data(), barrier.path());
      int version = seen.data().get().stat().getVersion();
      onBarrier(handle, record, version, seen.children().get().names());
    } catch (ZkException e) {
      fail(e);
    }
  }

  /**
   * Ends a round whose members are gone. Members never return, so a listing without any of them that was read after the
   * round was seen open is a proof. Of several clients that end it, the version refuses all but one.
   */
  final void endRound(SessionHandle handle, BarrierRecord open, int version) {
    handle.list(barrier.path(), listed -> {
      if (listed.isOk() && open.stillInside(listed.get()) == 0) {
        handle.setData(barrier.path(), open.toNext().encoded(), version, replaced -> {});
      }
    });
  }

  /** Deletes a member of this session, whatever it takes. */
  final void remove(SessionHandle handle, ZkPath member) {
    barriers.client().debt().delete(handle, member);
  }

  @Override
  void onLost(SessionHandle handle) {
    followed = null;
    if (watched != null) {
      watched.onLost(handle);
    }
  }

  @Override
  void unwatch() {
    if (watched != null) {
      watched.close();
    }
  }

  @Override
  public String toString() {
    return barrier.toString();
  }
}
