package io.zookit.lock.barrier;

import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.List;

/** Waits until all members of a round have left, also over sessions. Used on the loop. */
final class BarrierExit extends BarrierVisit<Long> {

  private final long generation;
  private int left = -1;

  BarrierExit(Barriers barriers, BarrierNode barrier, long generation) {
    super(barriers, barrier);
    this.generation = generation;
  }

  @Override
  void onConnected(SessionHandle handle) {
    follow(handle);
  }

  @Override
  void onBarrier(SessionHandle handle, BarrierRecord record, int version, List<String> children) {
    left = record.stillInside(children);
    if (record.generation() != generation || !record.isOpen()) {
      end(generation);
    } else if (left == 0) {
      endRound(handle, record, version);
    }
  }

  @Override
  void giveUp(Duration timeout) {
    if (!isOver()) {
      fail(new ZkTimeoutException(barrier + ": "
          + (left < 0 ? "not all" : left + " of " + barrier.members() + " still inside, not all")
          + " have left within " + timeout));
    }
  }
}
