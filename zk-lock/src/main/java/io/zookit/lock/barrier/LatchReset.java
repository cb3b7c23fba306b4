package io.zookit.lock.barrier;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * Begins the next generation of a latch. The one before is kept, so that its waiters can see how it ended; older ones
 * are removed. Used on the loop.
 */
final class LatchReset extends LatchVisit<Long> {

  private static final int DELETES_AT_ONCE = 500;

  private final int count;
  private long from;

  LatchReset(Barriers barriers, LatchNode latch, int count) {
    super(barriers, latch);
    this.count = count;
  }

  /** An answer that was lost shows in the generation. */
  @Override
  void onLatch(SessionHandle handle, LatchRecord record, int version) {
    if (from != 0 && record.generation() > from) {
      clean(handle, record.generation());
      end(record.generation());
      return;
    }
    from = record.generation();
    LatchRecord next = new LatchRecord(record.generation() + 1, count);
    List<Op> begun = List.of(
        Op.setData(latch.path().value(), next.encoded(), version),
        latch.creating(next.generation()));
    handle.multi(begun, answered -> onBegun(handle, next, answered));
  }

  private void onBegun(SessionHandle handle, LatchRecord next, Answer<List<OpResult>> answered) {
    if (isOver() || !answered.isAnswered()) {
      return;
    }
    if (answered.isOk()) {
      clean(handle, next.generation());
      end(next.generation());
    } else if (!isRefusedForGood(answered)) {
      read(handle); // another client was first, which is a reset, too
    }
  }

  /** Removes older generations; the next reset removes those that cannot be removed now. */
  private void clean(SessionHandle handle, long generation) {
    handle.list(latch.path(), listed -> {
      if (listed.isOk()) {
        listed.get().stream()
            .filter(child -> LatchNode.isBefore(child, generation - 1))
            .forEach(child -> delete(handle, latch.path().own(child)));
      }
    });
  }

  private static void delete(SessionHandle handle, ZkPath folder) {
    handle.list(folder, listed -> {
      List<Op> deletes = new ArrayList<>();
      if (listed.isOk()) {
        listed.get().forEach(child -> deletes.add(Op.delete(folder.own(child).value(), -1)));
      }
      Multi.batches(deletes, DELETES_AT_ONCE).forEach(batch -> handle.multi(batch, gone -> {}));
      handle.delete(folder, -1, gone -> {});
    });
  }
}
