package io.zookit.lock.barrier;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/**
 * One count-down: a node of a name no other has, made together with a check that its generation is the present one. What
 * was not answered is looked for before it is made again, so it counts once. Used on the loop.
 */
final class LatchCountDown extends LatchVisit<Boolean> {

  private final String own;
  private @Nullable ZkPath unanswered;

  LatchCountDown(Barriers barriers, LatchNode latch) {
    super(barriers, latch);
    this.own = barriers.nextName();
  }

  @Override
  void onConnected(SessionHandle handle) {
    ZkPath lookedFor = unanswered;
    if (lookedFor == null) {
      read(handle);
      return;
    }
    handle.sync(lookedFor, synced -> {});
    handle.exists(lookedFor, null, found -> {
      if (isOver() || !found.isAnswered()) {
        return;
      }
      if (found.isOk()) {
        end(true);
      } else {
        unanswered = null;
        read(handle);
      }
    });
  }

  @Override
  void onLatch(SessionHandle handle, LatchRecord record, int version) {
    ZkPath folder = latch.generation(record.generation());
    handle.list(folder, listed -> {
      if (isOver() || !listed.isAnswered()) {
        return;
      }
      if (listed.isOk() && listed.get().size() >= record.count()) {
        end(true); // open already: nothing to count
      } else if (listed.code() == Code.NONODE) {
        onMissing(handle, record);
      } else {
        count(handle, folder.own(own), version);
      }
    });
  }

  private void count(SessionHandle handle, ZkPath node, int version) {
    List<Op> counted =
        List.of(Op.check(latch.path().value(), version), latch.create(node, new byte[0]));
    handle.multi(counted, answered -> onCounted(handle, node, answered));
  }

  private void onCounted(SessionHandle handle, ZkPath node, Answer<List<OpResult>> answered) {
    if (isOver()) {
      return;
    }
    if (answered.isOk() || answered.code() == Code.NODEEXISTS) {
      end(true);
    } else if (!answered.isAnswered()) {
      unanswered = answered.sent() ? node : null;
    } else if (!isRefusedForGood(answered)) {
      read(handle);
    }
  }
}
