package io.zookit.lock.barrier;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;

/** An operation that begins by reading the record of a latch, which it creates if it is missing. Used on the loop. */
abstract class LatchVisit<T> extends Visit<T> {

  final LatchNode latch;
  private long missing;

  LatchVisit(Barriers barriers, LatchNode latch) {
    super(barriers);
    this.latch = latch;
  }

  /** The latch is known, now. */
  abstract void onLatch(SessionHandle handle, LatchRecord record, int version);

  @Override
  void onConnected(SessionHandle handle) {
    read(handle);
  }

  /** Reads the latch, or makes it. */
  final void read(SessionHandle handle) {
    handle.getData(latch.path(), null, read -> {
      if (isOver() || !read.isAnswered()) {
        return;
      }
      if (read.isOk()) {
        tell(handle, read.get());
      } else if (read.code() == Code.NONODE) {
        make(handle);
      } else {
        fail(KeeperErrors.of(read.code(), latch.path()));
      }
    });
  }

  private void tell(SessionHandle handle, SessionHandle.Node node) {
    LatchRecord record;
    try {
      record = LatchRecord.read(node.data(), latch.path());
    } catch (ZkException e) {
      fail(e);
      return;
    }
    onLatch(handle, record, node.stat().getVersion());
  }

  private void make(SessionHandle handle) {
    CreateWithParents.<List<OpResult>>of(
            handle,
            latch.folders(),
            reply -> handle.multi(latch.making(), reply),
            made -> onMade(handle, made))
        .send();
  }

  private void onMade(SessionHandle handle, Answer<?> made) {
    if (isOver() || !made.isAnswered()) {
      return;
    }
    if (made.isOk() || made.code() == Code.NODEEXISTS) {
      read(handle);
    } else {
      fail(KeeperErrors.of(made.code(), latch.path()));
    }
  }

  /** Handles a missing folder of a generation: the latch was reset meanwhile, or it was removed. */
  final void onMissing(SessionHandle handle, LatchRecord record) {
    if (missing == record.generation()) {
      fail(new BarrierBrokenException(
          latch + ": generation " + record.generation() + " was removed; reset the latch"));
    } else {
      missing = record.generation();
      read(handle);
    }
  }

  /** Goes on after a write: done, once more, not answered, or refused. */
  final boolean isRefusedForGood(Answer<?> answered) {
    if (answered.isOk()
        || !answered.isAnswered()
        || answered.code() == Code.BADVERSION
        || answered.code() == Code.NODEEXISTS
        || answered.code() == Code.NONODE) {
      return false;
    }
    fail(KeeperErrors.of(answered.code(), latch.path()));
    return true;
  }

  @Override
  void giveUp(Duration timeout) {
    if (!isOver()) {
      fail(new ZkUnavailableException(latch + ": no answer from ZooKeeper within " + timeout));
    }
  }

  @Override
  public String toString() {
    return latch.toString();
  }
}
