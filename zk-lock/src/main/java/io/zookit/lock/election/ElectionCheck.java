package io.zookit.lock.election;

import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.LockStateNode;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Decides if the first in the queue of an election leads, or lets others pass: the candidate that the leader before has
 * chosen, while the choice is valid and the candidate waits, or those of greater priority. One flight of two reads.
 * Used on the loop.
 */
final class ElectionCheck {

  /** Receives the outcome, once; not called if the connection breaks before. */
  interface Listener {

    /** To lead. */
    void onMine();

    /** To let others pass. */
    void onOthers();

    /** The election cannot be understood by this version. */
    void onFailed(ZkException reason);
  }

  private final Candidate candidate;
  private final LeaseHandle lease;
  private final Listener listener;
  private final SessionHandle handle;
  private final ZkPath node;
  private @Nullable Answer<SessionHandle.Node> read;

  ElectionCheck(Candidate candidate, LeaseHandle lease, Listener listener) {
    this.candidate = candidate;
    this.lease = lease;
    this.listener = listener;
    this.handle = lease.grant().handle();
    this.node = new LockStateNode(candidate.engine().client(), candidate.election()).path();
  }

  void begin() {
    handle.getData(node, null, answered -> read = answered);
    handle.list(candidate.claim().queue().path(), this::onListed);
  }

  private void onListed(Answer<List<String>> listed) {
    Answer<SessionHandle.Node> found = read;
    if (found == null || !found.isAnswered() || !listed.isAnswered()) {
      return;
    }
    if (!listed.isOk() || !(found.isOk() || found.code() == Code.NONODE)) {
      listener.onFailed(KeeperErrors.of(listed.isOk() ? found.code() : listed.code(), node));
      return;
    }
    List<QueueEntry> others = QueueEntry.inOrder(listed.get()).stream()
        .filter(entry -> !entry.equals(lease.grant().nodes().first().entry()))
        .toList();
    try {
      decide(found, others);
    } catch (ZkException e) {
      listener.onFailed(e);
    }
  }

  private void decide(Answer<SessionHandle.Node> found, List<QueueEntry> others) {
    String chosen = found.isOk() ? chosen(found.get()) : null;
    if (chosen == null) {
      tell(others.stream().anyMatch(this::isGreater));
    } else if (chosen.equals(candidate.label())) {
      clear(found.get());
      tell(false);
    } else {
      CandidateLookup.find(handle, candidate.claim().queue(), others, chosen, answered -> {
        if (answered.isOk() && !answered.get()) {
          clear(found.get());
        }
        if (answered.isAnswered()) {
          tell(answered.isOk() && answered.get());
        }
      });
    }
  }

  /** Returns the candidate that the leader before has chosen, while the choice is valid. */
  private @Nullable String chosen(SessionHandle.Node found) {
    LockState state = LockState.read(found.data(), LockState.ELECTION, node);
    Long until = state.transferUntil();
    boolean counts =
        until != null && candidate.engine().client().timekeeper().now().toEpochMilli() < until;
    return counts ? state.transferTo() : null;
  }

  /** The choice has been made, or cannot be; a write that fails leaves it to its deadline. */
  private void clear(SessionHandle.Node found) {
    LockState state = LockState.read(found.data(), LockState.ELECTION, node);
    handle.setData(
        node, state.withoutTransfer().encoded(), found.stat().getVersion(), cleared -> {});
  }

  private boolean isGreater(QueueEntry other) {
    return other.mode() == QueueEntry.EXCLUSIVE
        && other.weight() > candidate.claim().weight();
  }

  private void tell(boolean others) {
    if (others) {
      listener.onOthers();
    } else {
      listener.onMine();
    }
  }
}
