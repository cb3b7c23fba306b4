package io.zookit.lock.election;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.LockLostException;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.store.KnownState;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * Stores the choice of a leader if the chosen candidate waits, in a transaction with a check that the leader's own node
 * exists. Used on the loop.
 */
final class ElectionTransfer {

  private final Candidate candidate;
  private final LeaseHandle lease;
  private final String to;
  private final Duration within;
  private final SessionHandle handle;
  private final LockStateNode node;

  ElectionTransfer(Candidate candidate, LeaseHandle lease, String to, Duration within) {
    this.candidate = candidate;
    this.lease = lease;
    this.to = to;
    this.within = Duration.ofNanos(Timeouts.nanos(within)); // what the clock can count
    this.handle = lease.grant().handle();
    this.node = new LockStateNode(candidate.engine().client(), candidate.election());
  }

  /** Reads and writes; one of the two callbacks runs. */
  void begin(Runnable written, Consumer<RuntimeException> failed) {
    LockQueue queue = candidate.claim().queue();
    if (!lease.isValid()) {
      failed.accept(new LockLostException(lease + ": not held; nothing was changed"));
      return;
    }
    handle.list(queue.path(), listed -> {
      if (!listed.isOk()) {
        failed.accept(refusal(listed));
        return;
      }
      List<QueueEntry> entries = QueueEntry.inOrder(listed.get());
      CandidateLookup.find(handle, queue, entries, to, found -> {
        if (found.isOk() && found.get()) {
          choose(written, failed);
        } else {
          failed.accept(
              found.isOk()
                  ? new ZkException(
                      candidate + ": no candidate " + to + " waits; nothing was changed")
                  : refusal(found));
        }
      });
    });
  }

  private void choose(Runnable written, Consumer<RuntimeException> failed) {
    CreateWithParents.<List<OpResult>>of(
            handle, node.folders(), reply -> read(reply, failed), answered -> {
              if (answered.isOk()) {
                written.run();
              } else if (answered.code() == Code.BADVERSION || answered.code() == Code.NODEEXISTS) {
                choose(written, failed);
              } else {
                failed.accept(refusal(answered, lease));
              }
            })
        .missingIf(answered -> !Multi.isRefusedAt(0, answered))
        .send();
  }

  private void read(Consumer<Answer<List<OpResult>>> reply, Consumer<RuntimeException> failed) {
    handle.getData(node.path(), null, read -> {
      if (!read.isOk() && read.code() != Code.NONODE) {
        failed.accept(refusal(read));
        return;
      }
      try {
        write(KnownState.of(read, LockState.ELECTION, node.path()), reply);
      } catch (ZkException e) {
        failed.accept(e);
      }
    });
  }

  private void write(KnownState known, Consumer<Answer<List<OpResult>>> reply) {
    LockState chosen = known
        .state()
        .withTransfer(to, candidate.engine().client().timekeeper().now().plus(within));
    Op own = Op.check(lease.grant().nodes().first().path().value(), -1);
    Op set = known.replacing(node.path(), chosen, candidate.engine().client().acl(node.path()));
    handle.multi(List.of(own, set), reply);
  }

  private RuntimeException refusal(Answer<List<OpResult>> answered, LeaseHandle lease) {
    if (answered.code() == Code.NONODE && Multi.isRefusedAt(0, answered)) {
      return new LockLostException(lease + ": its node is gone; nothing was changed");
    }
    return answered.isAnswered() && Multi.refusedAt(answered) != 1
        ? refusal(answered) // a folder could not be created
        : new ZkUnavailableException(lease + ": the choice was not written, as far as is known ("
            + answered.code() + "); the term goes on");
  }

  private RuntimeException refusal(Answer<?> answered) {
    return KeeperErrors.of(answered.code(), node.path());
  }
}
