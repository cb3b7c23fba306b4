package io.zookit.lock.barrier;

import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a latch to open in the generation in which the wait began, also over sessions. When that is over, its folder
 * holds all that was ever counted in it. Used on the loop.
 */
final class LatchWait extends LatchVisit<Long> {

  private @Nullable LatchRecord began;
  private @Nullable WatchedNode watched;
  private int counted;

  LatchWait(Barriers barriers, LatchNode latch) {
    super(barriers, latch);
  }

  @Override
  void onConnected(SessionHandle handle) {
    if (watched == null) {
      read(handle);
    } else {
      watched.onConnected(handle);
    }
  }

  @Override
  void onLost(SessionHandle handle) {
    if (watched != null) {
      watched.onLost(handle);
    }
  }

  @Override
  void onLatch(SessionHandle handle, LatchRecord record, int version) {
    if (watched == null) {
      began = record;
      watched = new WatchedNode(
          barriers, latch.path(), latch.generation(record.generation()), () -> onChanged(record));
      watched.onConnected(handle);
    }
  }

  private void onChanged(LatchRecord record) {
    WatchedNode seen = watched;
    if (isOver() || seen == null) {
      return;
    }
    if (seen.children().isOk()) {
      counted = seen.children().get().names().size();
    } else if (seen.children().code() != Code.NONODE) {
      fail(KeeperErrors.of(seen.children().code(), latch.path()));
      return;
    }
    if (counted >= record.count()) {
      end(record.generation());
    } else if (isReset(seen, record)) {
      fail(new BarrierBrokenException(latch + ": reset after " + counted + " of " + record.count()
          + " in generation " + record.generation()));
    }
  }

  private boolean isReset(WatchedNode seen, LatchRecord record) {
    if (!seen.data().isOk()) {
      return true;
    }
    try {
      return LatchRecord.read(seen.data().get().data(), latch.path()).generation()
          != record.generation();
    } catch (ZkException e) {
      return true;
    }
  }

  @Override
  void giveUp(Duration timeout) {
    if (!isOver()) {
      fail(new ZkTimeoutException(latch + ": not open within " + timeout + ", "
          + (began == null
              ? "not read yet"
              : counted + " of " + began.count() + " in generation " + began.generation())));
    }
  }

  @Override
  void unwatch() {
    if (watched != null) {
      watched.close();
    }
  }
}
