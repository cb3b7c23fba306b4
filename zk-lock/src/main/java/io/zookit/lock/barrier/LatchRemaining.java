package io.zookit.lock.barrier;

import io.zookit.core.internal.session.SessionHandle;
import org.apache.zookeeper.KeeperException.Code;

/** A look at how many count-downs are missing. Used on the loop. */
final class LatchRemaining extends LatchVisit<Integer> {

  LatchRemaining(Barriers barriers, LatchNode latch) {
    super(barriers, latch);
  }

  @Override
  void onLatch(SessionHandle handle, LatchRecord record, int version) {
    handle.list(latch.generation(record.generation()), listed -> {
      if (isOver() || !listed.isAnswered()) {
        return;
      }
      if (listed.isOk()) {
        end(Math.max(0, record.count() - listed.get().size()));
      } else if (listed.code() == Code.NONODE) {
        onMissing(handle, record);
      } else {
        isRefusedForGood(listed);
      }
    });
  }
}
