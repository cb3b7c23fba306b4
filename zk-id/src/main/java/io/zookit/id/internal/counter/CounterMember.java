package io.zookit.id.internal.counter;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.SeenRecord;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The member of a counter that a client is: it adds to a node that no other process writes.
 *
 * <pre>
 *   join   check(record)  create(~m/nonce, 0)  create(~a/nonce, EPHEMERAL)
 *   add    check(record)  setData(~m/nonce, own version → the sum with all that waits, by this write)
 * </pre>
 *
 * <p>Additions that arrive while a write is under way go together with the next one. A write that is not answered is
 * repeated as it was, when there is a connection again: if it is accepted now, it has happened now; if the version has moved,
 * the node tells by its writer whether it happened before. Either way each addition is counted once.
 *
 * <p>Each session has a node of its own, with a random name. When a session has ended, others fold its node into the total;
 * a write that is still under way then is refused by its version, and what it added is added to the next node.
 *
 * <p>One for each client and name. <i>Threads:</i> {@link #add} from any thread, everything else on the loop.
 *
 * <p><i>Cost:</i> one transaction for all additions that wait; one more for the first one of a session.
 */
class CounterMember implements SessionListener {

  private static final int MOST_TRIES = 32;

  /** After requests without an answer, unless the session is connected again earlier. */
  private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  /** An amount that waits to be counted. */
  private record Addition(long amount, CompletableFuture<Void> done) {}

  /**
   * The node of this member in one session.
   *
   * @param czxid of the node; 0 before it was written
   */
  record PartialSumNode(
      SessionHandle session, String nonce, PartialSum stored, int version, long czxid) {}

  /** A write of the sum. */
  private static final class SumWrite {
    final PartialSumNode node;
    final PartialSum next;
    final List<Addition> additions;

    /** True if an earlier try was not answered. */
    boolean repeated;

    SumWrite(PartialSumNode node, PartialSum next, List<Addition> additions) {
      this.node = node;
      this.next = next;
      this.additions = additions;
    }
  }

  private final CoreClient client;
  private final CounterNodes nodes;
  private final CounterFolding folding;
  private final int renewAt;
  private final SecureRandom random = new SecureRandom();
  private final Deque<Addition> waiting = new ArrayDeque<>();
  private @Nullable SeenRecord known;
  private @Nullable PartialSumNode member;
  private @Nullable SumWrite open;
  private boolean busy;
  private int unansweredTries;
  private boolean closed;
  private long writes;

  /**
   * The member of a client.
   *
   * @param renewAt the version of its node from which it begins another one
   */
  CounterMember(CoreClient client, CounterNodes nodes, CounterFolding folding, int renewAt) {
    this.client = client;
    this.nodes = nodes;
    this.folding = folding;
    this.renewAt = renewAt;
  }

  /**
   * Counts an amount. From any thread.
   *
   * @return done when it is counted; fails if nothing was sent, or if the outcome is unknown
   */
  CompletableFuture<Void> add(long amount) {
    return IdCalls.onLoop(client, this, handle -> {
      if (closed) {
        throw new IllegalStateException(this + ": closed");
      }
      client.requireTrusted();
      Addition addition = new Addition(amount, new CompletableFuture<>());
      waiting.add(addition);
      advance(handle);
      return addition.done;
    });
  }

  /** Sends what waits, unless something is under way. */
  private void advance(SessionHandle handle) {
    if (busy || closed || (waiting.isEmpty() && open == null)) {
      return;
    }
    busy = true;
    CompletableFuture.completedFuture(handle)
        .thenCompose(first -> step(first, 1))
        .whenComplete((goesOn, failure) -> {
          busy = false;
          if (failure != null) {
            fail(IdCalls.causeOf(failure));
          } else if (goesOn) {
            unansweredTries = 0;
            advance(handle);
          } else {
            client
                .timekeeper()
                .after(
                    PAUSES.delay(unansweredTries++),
                    () -> client.loop().execute(this::advanceIfConnected));
          }
        });
  }

  private void advanceIfConnected() {
    client.handle().filter(SessionHandle::isConnected).ifPresent(this::advance);
  }

  /** Returns false if there is no connection now: it goes on with the next one. */
  private CompletableFuture<Boolean> step(SessionHandle handle, int tries) {
    client.requireTrusted();
    if (tries == MOST_TRIES) {
      throw new IdUnavailableException(this + ": its record changes all the time");
    }
    SeenRecord seen = known;
    if (seen == null || seen.record().incarnation() != client.incarnation()) {
      known = null;
      return nodes
          .records()
          .open(handle, List.of())
          .handle((opened, failure) -> {
            if (failure == null) {
              known = opened.seen();
              return step(handle, tries + 1);
            }
            Throwable cause = IdCalls.causeOf(failure);
            return cause instanceof IdUnavailableException // nothing was written: later
                ? CompletableFuture.completedFuture(false)
                : CompletableFuture.<Boolean>failedFuture(cause);
          })
          .thenCompose(next -> next);
    }
    SumWrite write = open;
    PartialSumNode node = member;
    if (write != null) {
      return write(handle, seen, write);
    }
    if (node == null || node.session != handle || node.version >= renewAt) {
      return join(handle, seen, node);
    }
    open = next(node);
    return write(handle, seen, open);
  }

  private CompletableFuture<Boolean> join(
      SessionHandle handle, SeenRecord seen, @Nullable PartialSumNode before) {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    String nonce = HexFormat.of().formatHex(bytes);
    List<Op> ops = List.of(
        nodes.records().node().check(seen),
        nodes.records().create(nodes.member(nonce), PartialSum.CODEC.encode(PartialSum.NEW)),
        nodes.createAlive(nonce));
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    handle.multi(ops, answer -> {
      if (answer.isOk()) {
        member = new PartialSumNode(handle, nonce, PartialSum.NEW, 0, 0);
        if (before != null && before.session == handle) {
          client.debt().delete(handle, nodes.alive(before.nonce));
        }
        folding.foldDead(handle, seen);
        done.complete(true);
      } else if (SharedRecords.isRecordChanged(answer)) {
        known = null;
        done.complete(true);
      } else if (answer.isAnswered() && answer.code() == Code.NONODE) {
        done.completeExceptionally(nodes.records().missing(nodes.members()));
      } else if (answer.isAnswered()) {
        done.completeExceptionally(nodes.records().failure(answer, "nothing was counted"));
      } else {
        done.complete(false);
      }
    });
    return done;
  }

  private SumWrite next(PartialSumNode node) {
    List<Addition> additions = new ArrayList<>(waiting);
    waiting.clear();
    long sum = node.stored.sum();
    for (Addition each : additions) {
      sum = Math.addExact(sum, each.amount);
    }
    PartialSum next = new PartialSum(sum, node.nonce + "-" + ++writes, false);
    return new SumWrite(node, next, additions);
  }

  private CompletableFuture<Boolean> write(SessionHandle handle, SeenRecord seen, SumWrite write) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    List<Op> ops = List.of(
        nodes.records().node().check(seen),
        nodes.set(write.node.nonce, write.next, conditionOf(write.node)));
    handle.multi(ops, answer -> {
      try {
        onWritten(handle, write, answer, done);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  /** The version that the node must have. */
  int conditionOf(PartialSumNode node) {
    return node.version;
  }

  private void onWritten(
      SessionHandle handle,
      SumWrite write,
      Answer<List<OpResult>> answer,
      CompletableFuture<Boolean> done) {
    if (answer.isOk()) {
      onCounted(handle, write, Multi.statAt(1, answer), done);
    } else if (SharedRecords.isRecordChanged(answer)) {
      known = null;
      done.complete(true);
    } else if (Multi.isRefusedAt(1, answer) && answer.code() == Code.BADVERSION) {
      settle(handle, write, done);
    } else if (Multi.isRefusedAt(1, answer) && answer.code() == Code.NONODE) {
      onMemberGone(handle, write, done);
    } else if (answer.isAnswered()) {
      done.completeExceptionally(nodes.records().failure(answer, "nothing was counted"));
    } else {
      onUnanswered(write, answer.sent());
      done.complete(false);
    }
  }

  /** Keeps a write that may have happened, to repeat it as it was. */
  private void onUnanswered(SumWrite write, boolean sent) {
    write.repeated |= sent && mayHaveHappened();
    if (!write.repeated) {
      requeue(write);
    }
  }

  /** Tells if a write that was not answered may have happened. */
  boolean mayHaveHappened() {
    return true;
  }

  private void onCounted(
      SessionHandle handle, SumWrite write, Stat stat, CompletableFuture<Boolean> done) {
    PartialSumNode node = write.node;
    open = null;
    if (node.czxid != 0 && node.czxid != stat.getCzxid()) {
      member = null;
      nodes
          .records()
          .<Boolean>block(handle, "the node of member " + node.nonce + " was created again", 0)
          .whenComplete((blocked, failure) -> {
            write.additions.forEach(each -> each.done.completeExceptionally(unknown()));
            done.completeExceptionally(IdCalls.causeOf(failure));
          });
      return;
    }
    if (member == node) {
      member = new PartialSumNode(
          node.session, node.nonce, write.next, stat.getVersion(), stat.getCzxid());
    }
    write.additions.forEach(each -> each.done.complete(null));
    done.complete(true);
  }

  /** The version has moved: by the own write, whose answer was lost, or because the member was folded. */
  private void settle(SessionHandle handle, SumWrite write, CompletableFuture<Boolean> done) {
    handle.getData(nodes.member(write.node.nonce), null, read -> {
      try {
        if (read.code() == Code.NONODE) {
          onMemberGone(handle, write, done);
        } else if (read.isOk()) {
          PartialSum stored =
              CounterNodes.decode(PartialSum.CODEC, read.get(), nodes.member(write.node.nonce));
          boolean applied = write.next.by() != null && write.next.by().equals(stored.by());
          if (applied && !stored.folded()) {
            onCounted(handle, write, read.get().stat(), done);
          } else {
            member = member == write.node ? null : member;
            if (applied) {
              open = null;
              write.additions.forEach(each -> each.done.complete(null));
            } else {
              requeue(write);
            }
            done.complete(true);
          }
        } else if (read.isAnswered()) {
          done.completeExceptionally(nodes.records().failure(read, "the outcome is unknown"));
        } else {
          write.repeated = true;
          done.complete(false);
        }
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
  }

  private void requeue(SumWrite write) {
    open = null;
    for (int i = write.additions.size() - 1; i >= 0; i--) {
      waiting.addFirst(write.additions.get(i));
    }
  }

  /** The node was folded and deleted long after its session had ended; in its own session it cannot disappear. */
  private void onMemberGone(SessionHandle handle, SumWrite write, CompletableFuture<Boolean> done) {
    open = null;
    member = member == write.node ? null : member;
    if (write.node.session == handle) {
      nodes
          .records()
          .<Boolean>block(handle, "the node of member " + write.node.nonce + " was deleted", 0)
          .whenComplete((blocked, failure) -> {
            write.additions.forEach(each -> each.done.completeExceptionally(unknown()));
            done.completeExceptionally(IdCalls.causeOf(failure));
          });
      return;
    }
    write.additions.forEach(each -> each.done.completeExceptionally(unknown()));
    done.complete(true);
  }

  private IdUnavailableException unknown() {
    return new IdUnavailableException(
        this + ": the outcome is unknown; what was added may have been counted");
  }

  private void fail(Throwable failure) {
    List<Addition> failed = new ArrayList<>(waiting);
    waiting.clear();
    SumWrite write = open;
    open = null;
    if (write != null) {
      member = member == write.node ? null : member;
      write.additions.forEach(
          each -> each.done.completeExceptionally(write.repeated ? unknown() : failure));
    }
    failed.forEach(each -> each.done.completeExceptionally(failure));
  }

  @Override
  public void onConnected(SessionHandle handle) {
    advance(handle);
  }

  @Override
  public void onSuspect(SessionHandle handle) {}

  @Override
  public void onLost(SessionHandle handle) {}

  /** Ends it: what waits fails, and its node may be folded. */
  void close() {
    closed = true;
    PartialSumNode node = member;
    if (node != null) {
      client.debt().delete(node.session, nodes.alive(node.nonce));
    }
    fail(unknown());
  }

  @Override
  public String toString() {
    return nodes.records().toString();
  }
}
