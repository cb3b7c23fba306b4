package io.zookit.core.internal.request;

import io.zookit.core.Meters;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SettlingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes of a session's own ephemeral nodes: each is sent until its node is gone or the session that owns the node is
 * over.
 *
 * <p>A delete that a server refuses, mostly because a permission is missing, stays pending: the node still exists, so it is
 * reported to no one as gone. It is logged, counted ({@code zookit.client.deletes.refused}) and sent again every minute, and
 * after each reconnect, because an operator can mend the access list.
 *
 * <p>It is the client's first session listener. <i>Threads:</i> used on the loop.
 */
public final class GuaranteedDeletes implements SettlingListener {

  private static final Logger log = LoggerFactory.getLogger(GuaranteedDeletes.class);

  /** The pause after a refused delete. */
  public static final Duration REFUSED = Duration.ofMinutes(1);

  /**
   * Operations in the transaction of a delete when it is sent for the first time. If the transaction is refused or not
   * answered, the delete is sent again without them. Called on the loop.
   */
  public interface Companion {

    /** Operations behind the delete. */
    List<Op> operations();

    /** Receives the outcome of the transaction, once; and each refusal of the delete, as {@link NodeUndeletable}. */
    void onOutcome(CompanionOutcome outcome);
  }

  /** Outcome of the transaction of a delete with a {@link Companion}. */
  public sealed interface CompanionOutcome {}

  /**
   * The transaction was executed.
   *
   * @param answer the results, that of the delete first
   */
  public record CompanionExecuted(Answer<List<OpResult>> answer) implements CompanionOutcome {}

  /**
   * The transaction was not answered.
   *
   * @param sent whether it may have been executed
   */
  public record CompanionUnanswered(boolean sent) implements CompanionOutcome {}

  /**
   * The transaction was refused, and nothing of it is done. If an operation was the reason, the delete was sent again, alone,
   * before this is reported.
   *
   * @param operation the index of the refused operation; -1 if the delete or the whole transaction was refused
   */
  public record CompanionNotExecuted(int operation, Code code) implements CompanionOutcome {}

  /** A server refuses to delete the node, which still exists. */
  public record NodeUndeletable() implements CompanionOutcome {}

  /** The delete of a node, in any version. */
  private final class Delete implements PendingRequests.RepeatedRequest {

    private final ZkPath path;
    private final @Nullable Companion companion;
    private boolean isCompanionSent;

    Delete(ZkPath path, @Nullable Companion companion) {
      this.path = path;
      this.companion = companion;
    }

    @Override
    public void send(SessionHandle handle, Consumer<Answer<Boolean>> reply) {
      if (companion == null || isCompanionSent) {
        handle.delete(path, -1, reply);
      } else {
        isCompanionSent = true;
        sendWith(companion, handle, reply);
      }
    }

    private void sendWith(Companion other, SessionHandle handle, Consumer<Answer<Boolean>> reply) {
      List<Op> operations = new ArrayList<>();
      operations.add(Op.delete(path.value(), -1));
      operations.addAll(other.operations());
      handle.multi(operations, answer -> {
        int refusedAt = answer.isOk() ? -1 : Multi.refusedAt(answer);
        if (answer.isOk()) {
          reply.accept(Answer.ok(true));
        } else if (refusedAt > 0) {
          send(handle, reply); // before anything that the companion sends
        } else {
          reply.accept(new Answer<>(answer.code(), null, answer.sent()));
        }
        other.onOutcome(outcome(answer, refusedAt));
      });
    }

    private static CompanionOutcome outcome(Answer<List<OpResult>> answer, int refusedAt) {
      if (answer.isOk()) {
        return new CompanionExecuted(answer);
      }
      return answer.isAnswered()
          ? new CompanionNotExecuted(Math.max(-1, refusedAt - 1), answer.code())
          : new CompanionUnanswered(answer.sent());
    }

    @Override
    public boolean isDoneBy(Code code) {
      return code == Code.NONODE;
    }

    @Override
    public void onRefused(Code code, boolean isNew) {
      if (companion != null) {
        companion.onOutcome(new NodeUndeletable());
      }
      meters.count("zookit.client.deletes.refused", 1);
      if (isNew) {
        log.warn(
            "{}: cannot be deleted ({}); it is tried again every minute until the session ends",
            path,
            code);
      } else {
        log.debug("{}: still cannot be deleted ({})", path, code);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Delete delete && delete.path.equals(path);
    }

    @Override
    public int hashCode() {
      return Objects.hash(path);
    }
  }

  private final Meters meters;
  private final PendingRequests<Delete> deletes;

  /** Creates an empty set of deletes. */
  public GuaranteedDeletes(SerialLane loop, Timekeeper timekeeper, Meters meters) {
    this.meters = meters;
    this.deletes = new PendingRequests<>(loop, timekeeper, REFUSED);
  }

  /**
   * Deletes a node of a session, however long it takes.
   *
   * @return done when the node is certainly gone or the session is over; not while a server refuses to delete it. It never
   *     fails
   */
  public CompletableFuture<Void> delete(SessionHandle handle, ZkPath path) {
    return deletes.add(handle, new Delete(path, null));
  }

  /**
   * Deletes a node like {@link #delete(SessionHandle, ZkPath)}, with other operations in the same transaction. They are sent
   * once: a delete that is sent again, because it was refused or not answered, is sent without them.
   *
   * @param handle a connected session
   * @return as of the delete without a companion
   */
  public CompletableFuture<Void> delete(SessionHandle handle, ZkPath path, Companion companion) {
    return deletes.add(handle, new Delete(path, handle.isConnected() ? companion : null));
  }

  /** The number of nodes that are not certainly gone yet. */
  public int size() {
    return deletes.size();
  }

  /** Completes a future when all that is to be deleted now is gone, except for what servers refuse. */
  @Override
  public void whenSettled(CompletableFuture<Void> settled) {
    deletes.whenSettled(settled);
  }

  @Override
  public void onConnected(SessionHandle handle) {
    deletes.onConnected(handle);
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    deletes.onSuspect(handle);
  }

  @Override
  public void onLost(SessionHandle handle) {
    deletes.onLost(handle);
  }
}
