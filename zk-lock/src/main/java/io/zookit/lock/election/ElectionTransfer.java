package io.zookit.lock.election;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.LockLostException;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import io.zookit.lock.internal.store.QueueEntry;
import io.zookit.lock.internal.store.VersionedState;
import io.zookit.lock.internal.store.VersionedState.ChangeRefused;
import io.zookit.lock.internal.store.VersionedState.ChangeUnanswered;
import io.zookit.lock.internal.store.VersionedState.OwnNodeGone;
import io.zookit.lock.internal.store.VersionedState.StateDecision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.Op;

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
    CoreClient client = candidate.engine().client();
    Op own = Op.check(lease.grant().nodes().first().path().value(), -1);
    StateDecision chosen = present ->
        Optional.of(present.withTransfer(to, client.timekeeper().now().plus(within)));
    new VersionedState(client, handle, node, LockState.ELECTION).change(own, chosen, outcome -> {
      if (outcome instanceof OwnNodeGone) {
        failed.accept(new LockLostException(lease + ": its node is gone; nothing was changed"));
      } else if (outcome instanceof ChangeRefused refused) {
        failed.accept(refused.reason());
      } else if (outcome instanceof ChangeUnanswered unanswered) {
        failed.accept(
            new ZkUnavailableException(lease + ": the choice was not written, as far as is known ("
                + unanswered.code() + "); the term goes on"));
      } else {
        written.run();
      }
    });
  }

  private RuntimeException refusal(Answer<?> answered) {
    return KeeperErrors.of(answered.code(), node.path());
  }
}
