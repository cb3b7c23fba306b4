package io.zookit.lock.internal.store;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/**
 * State of a lock in ZooKeeper, as one client reads and changes it in one session. A change is decided by the present state
 * and written on condition that this is still stored, together with an operation on an own node, if there is one, that
 * proves that the lock is still held.
 *
 * <pre>
 *   read ──► decide ──nothing to store──► StateKept
 *    ▲         │
 *    │         ▼
 *    │       write ──► StateStored
 *    │         ├──► OwnNodeGone        nothing was written
 *    │         ├──► ChangeUnanswered   the connection broke; also of the read
 *    │         └──► ChangeRefused      by a server, by the decision, or because the state is of another kind
 *    └─────────┘
 *      another write came first
 * </pre>
 *
 * <p>What was read or written before is not read again, unless a write was not answered. Missing folders are created. Used on
 * the loop.
 */
public final class VersionedState {

  /** Decides what is to be stored. Pure. */
  @FunctionalInterface
  public interface StateDecision {

    /**
     * Returns the state to store instead of the present one; empty if that is to stay.
     *
     * @throws ZkException if the change is not possible
     */
    Optional<LockState> next(LockState present);
  }

  /** Outcome of a change. */
  public sealed interface ChangeOutcome {}

  /** The state that was decided is stored. */
  public record StateStored(LockState before, LockState now) implements ChangeOutcome {}

  /** Nothing was to be stored. */
  public record StateKept(LockState present) implements ChangeOutcome {}

  /** The own node does not exist; nothing was written. */
  public record OwnNodeGone() implements ChangeOutcome {}

  /**
   * A request was not answered, or not sent.
   *
   * @param replaced the state that a write may have replaced; null if no write was sent
   */
  public record ChangeUnanswered(Code code, @Nullable LockState replaced)
      implements ChangeOutcome {}

  /** Nothing was written, and nothing will be. */
  public record ChangeRefused(ZkException reason) implements ChangeOutcome {}

  private final CoreClient client;
  private final SessionHandle handle;
  private final LockStateNode node;
  private final String kind;
  private @Nullable KnownState known;
  private boolean isWriteOpen;
  private @Nullable ConditionalChange current;

  /**
   * Creates a state that was not read yet.
   *
   * @param kind the kind that the state must be of
   */
  public VersionedState(CoreClient client, SessionHandle handle, LockStateNode node, String kind) {
    this.client = client;
    this.handle = handle;
    this.node = node;
    this.kind = kind;
  }

  /** Returns whether the state has the mark of a holder, as far as known, or may have it by a write without an answer. */
  public boolean mayBeHeldBy(FencingToken token) {
    return isWriteOpen || (known != null && known.state().isHeldBy(token));
  }

  /** Uses a state that was read in this session. */
  public VersionedState knownAs(KnownState read) {
    known = read;
    return this;
  }

  /**
   * Changes the state. An earlier change that has no outcome yet ends with {@link ChangeUnanswered}.
   *
   * @param own an operation on an own node, that is refused if the node does not exist
   */
  public void change(Op own, StateDecision decision, Consumer<ChangeOutcome> reply) {
    new ConditionalChange(own, decision, reply).begin();
  }

  /** Changes the state without an own node. */
  public void change(StateDecision decision, Consumer<ChangeOutcome> reply) {
    new ConditionalChange(null, decision, reply).begin();
  }

  /** Changes the state, like {@link #change(Op, StateDecision, Consumer)}, by the answer to a read that was sent before. */
  public void change(
      Answer<SessionHandle.Node> read,
      Op own,
      StateDecision decision,
      Consumer<ChangeOutcome> reply) {
    new ConditionalChange(own, decision, reply).beginBehind(read);
  }

  /**
   * Changes the state without an own node.
   *
   * @param done completed when the state is as decided
   */
  public void change(StateDecision decision, CompletableFuture<Void> done) {
    change(decision, outcome -> {
      if (outcome instanceof ChangeRefused refused) {
        done.completeExceptionally(refused.reason());
      } else if (outcome instanceof ChangeUnanswered unanswered) {
        done.completeExceptionally(KeeperErrors.of(unanswered.code(), node.path()));
      } else {
        done.complete(null);
      }
    });
  }

  /** Ends a change without an outcome, and sends nothing more for it. */
  public void cancel() {
    current = null;
  }

  private final class ConditionalChange {

    private final @Nullable Op own;
    private final StateDecision decision;
    private final Consumer<ChangeOutcome> reply;

    /** The state that a write is to replace, until it is answered. */
    private @Nullable LockState replaced;

    ConditionalChange(@Nullable Op own, StateDecision decision, Consumer<ChangeOutcome> reply) {
      this.own = own;
      this.decision = decision;
      this.reply = reply;
    }

    /** Begins without an answer to the write of the change before, if there is one. */
    private void follow() {
      ConditionalChange before = current;
      current = this;
      if (before != null) {
        before.reply.accept(new ChangeUnanswered(Code.CONNECTIONLOSS, before.replaced));
      }
    }

    void begin() {
      follow();
      KnownState present = known;
      if (present == null || isWriteOpen) {
        read();
      } else {
        decide(present);
      }
    }

    private void read() {
      handle.getData(node.path(), null, this::onRead);
    }

    /** Begins with the answer to a read that was sent before. */
    void beginBehind(Answer<SessionHandle.Node> read) {
      follow();
      onRead(read);
    }

    private void onRead(Answer<SessionHandle.Node> read) {
      if (current != this) {
        return;
      }
      if (!read.isAnswered()) {
        end(new ChangeUnanswered(read.code(), null));
        return;
      }
      isWriteOpen = false;
      if (!read.isOk() && read.code() != Code.NONODE) {
        refuse(read.code());
        return;
      }
      KnownState present;
      try {
        present = KnownState.of(read, kind, node.path());
      } catch (ZkException e) {
        end(new ChangeRefused(e));
        return;
      }
      known = present;
      decide(present);
    }

    private void decide(KnownState present) {
      Optional<LockState> next;
      try {
        next = decision.next(present.state());
      } catch (ZkException e) {
        end(new ChangeRefused(e));
        return;
      }
      if (next.isPresent()) {
        write(present, next.get());
      } else {
        end(new StateKept(present.state()));
      }
    }

    private void write(KnownState before, LockState next) {
      Op write = before.replacing(node.path(), next, client.acl(node.path()));
      List<Op> operations = own == null ? List.of(write) : List.of(own, write);
      isWriteOpen = true;
      replaced = before.state();
      CreateWithParents.<List<OpResult>>of(
              handle,
              node.folders(),
              sent -> handle.multi(operations, sent),
              written -> onWritten(before, next, written))
          .missingIf(written -> current == this && before.isAbsent() && !isOwnNodeGone(written))
          .send();
    }

    private boolean isOwnNodeGone(Answer<List<OpResult>> written) {
      return own != null && written.code() == Code.NONODE && Multi.isRefusedAt(0, written);
    }

    private void onWritten(KnownState before, LockState next, Answer<List<OpResult>> written) {
      if (current != this) {
        return;
      }
      isWriteOpen = !written.isAnswered() && written.sent();
      replaced = isWriteOpen ? before.state() : null;
      if (written.isOk()) {
        known = before.after(next);
        end(new StateStored(before.state(), next));
      } else if (!written.isAnswered()) {
        end(new ChangeUnanswered(written.code(), replaced));
      } else if (isOwnNodeGone(written)) {
        end(new OwnNodeGone());
      } else if (before.isOutdatedBy(written.code())) {
        read();
      } else {
        refuse(written.code());
      }
    }

    private void refuse(Code code) {
      end(new ChangeRefused(KeeperErrors.of(code, node.path())));
    }

    private void end(ChangeOutcome outcome) {
      current = null;
      reply.accept(outcome);
    }
  }
}
