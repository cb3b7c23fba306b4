package io.zookit.lock.internal.numbered;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.lease.LockObservers;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.request.LockRequest;
import io.zookit.lock.internal.request.Request;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.KnownState;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.LockState;
import io.zookit.lock.internal.store.QueueEntry;
import io.zookit.lock.internal.store.VersionedState.ChangeOutcome;
import io.zookit.lock.internal.store.VersionedState.ChangeRefused;
import io.zookit.lock.internal.store.VersionedState.ChangeUnanswered;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * A request for any free number: reads the queue, claims one of the free numbers, and reads again if another request
 * was faster. Used on the loop.
 *
 * <pre>
 *   READ ──a number is free, and no request waits──► CLAIM ──first with this number──► granted
 *   ▲ ▲ │                                              │
 *   │ └─┼──────────────── another one was first ───────┘
 *   │   ▼ none is free, or others wait
 *   └─ QUEUE  the turn comes when it is the first that waits and a number is free; it is kept until the number is granted
 * </pre>
 *
 * <p>Claiming and queueing are each a {@link LockRequest} with a node of its own, which is created again in a new
 * session and withdrawn when it is no longer needed. So a lost answer, the end of a session or a stopped process leaves
 * behind what it leaves for any lock: nothing, or one node for as long as the session lives. The number is granted by
 * the node that claims it alone; the place in the queue only orders the waiting requests, and is left when the number
 * is granted.
 */
public final class NumberRequest implements Request, NumberTurn.Listener {

  private final LockEngine engine;
  private final LockQueue queue;
  private final LeaseCount numbers;
  private final UnaryOperator<GrantRule> rules;
  private final boolean waits;
  private final LockOptions options;
  private final LockOptions stepOptions;
  private final long requestedAt;
  private final CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
  private @Nullable LockRequest current;
  private @Nullable NumberTurn turn;

  NumberRequest(
      LockEngine engine,
      LockQueue queue,
      LeaseCount numbers,
      UnaryOperator<GrantRule> rules,
      boolean waits) {
    this.engine = engine;
    this.queue = queue;
    this.numbers = numbers;
    this.rules = rules;
    this.waits = waits;
    this.options = LockOptions.plain(engine, queue.name());
    this.stepOptions = LockOptions.observedBy(LockObservers.unmetered(queue.name()));
    this.requestedAt = engine.client().timekeeper().nanos();
    options.observers().onRequested();
  }

  /**
   * Creates the lock whose requests these are.
   *
   * @param rules changes the rule by which a number is granted
   */
  public static QueueLock lock(
      LockEngine engine, LockQueue queue, LeaseCount numbers, UnaryOperator<GrantRule> rules) {
    return new QueueLock(
        engine,
        queue.name(),
        List.of(anyNumber(queue, numbers.count())),
        waits -> new NumberRequest(engine, queue, numbers, rules, waits));
  }

  /** A turn to choose a number when one is free. */
  private static Claim anyNumber(LockQueue queue, int count) {
    return new Claim(queue, QueueEntry.ANY_NUMBER, count, new AnyNumberRule(count));
  }

  @Override
  public void start() {
    if (!outcome.isDone()) { // a request that was withdrawn before stays so
      read();
    }
  }

  @Override
  public CompletableFuture<Optional<Lease>> outcome() {
    return outcome;
  }

  @Override
  public String describe() {
    if (turn != null && !turn.describe().isEmpty()) {
      return turn.describe();
    }
    return current == null ? "no answer from ZooKeeper yet" : current.describe();
  }

  @Override
  public Optional<WaitedFor> waitedFor() {
    return current == null ? Optional.empty() : current.waitedFor();
  }

  @Override
  public void giveUp(ZkException reason) {
    if (outcome.isDone()) {
      outcome.thenAccept(granted -> granted.ifPresent(Lease::close));
    } else {
      fail(reason);
    }
  }

  @Override
  public void giveUpUnlessGranted(Supplier<ZkException> reason) {
    if (!outcome.isDone()) {
      fail(reason.get());
    }
  }

  @Override
  public void completeBusy() {
    if (!outcome.isDone()) {
      options.observers().onBusy();
      outcome.complete(Optional.empty());
      withdraw(new ZkException(queue + ": withdrawn"));
    }
  }

  /** Reads the count and the queue in one flight. */
  private void read() {
    SessionHandle handle = engine.connected().orElse(null);
    if (handle == null) {
      onUnanswered("not connected; nothing was sent");
      return;
    }
    AtomicReference<Answer<SessionHandle.Node>> count = new AtomicReference<>(Answer.notSent());
    handle.getData(numbers.path(), null, count::set);
    engine.queues().look(handle, queue.path(), listed -> {
      if (!outcome.isDone()) {
        onRead(handle, Objects.requireNonNull(count.get()), listed);
      }
    });
  }

  private void onRead(
      SessionHandle handle, Answer<SessionHandle.Node> count, Answer<List<QueueEntry>> listed) {
    if (!count.isAnswered() || !listed.isAnswered()) {
      onUnanswered("the connection broke; nothing is left behind");
      return;
    }
    try {
      requireRead(count, numbers.path());
      requireRead(listed, queue.path());
      KnownState stored = KnownState.of(count, LockState.NUMBERS, numbers.path());
      if (numbers.isAgreed(stored)) {
        choose(listed.isOk() ? listed.get() : List.of());
      } else {
        numbers.store(handle, stored, this::onStored);
      }
    } catch (ZkException e) {
      fail(e);
    }
  }

  private static void requireRead(Answer<?> answer, ZkPath path) {
    if (!answer.isOk() && answer.code() != Code.NONODE) {
      throw KeeperErrors.of(answer.code(), path);
    }
  }

  private void choose(List<QueueEntry> entries) {
    NumberedQueue seen = NumberedQueue.of(entries, numbers.count());
    boolean mayChoose = (turn != null && turn.isValid()) || !seen.hasWaiters();
    if (seen.hasFree() && mayChoose) {
      claim(seen.anyFree(ThreadLocalRandom.current()));
    } else if (waits) {
      await();
    } else {
      completeBusy();
    }
  }

  /** The count of a name is stored by the first request for it. */
  private void onStored(ChangeOutcome stored) {
    if (outcome.isDone()) {
      return;
    }
    if (stored instanceof ChangeRefused refused) {
      fail(refused.reason());
    } else if (stored instanceof ChangeUnanswered) {
      onUnanswered("the connection broke; nothing is left behind");
    } else {
      read();
    }
  }

  /** A request that waits goes on by its place in the queue, as soon as there is a connection. */
  private void onUnanswered(String reason) {
    if (waits) {
      await();
    } else {
      fail(new ZkUnavailableException(queue + ": " + reason));
    }
  }

  private void claim(int number) {
    NumberRule rule = new NumberRule();
    Claim claim = new Claim(queue, QueueEntry.NUMBERED, number + 1, rules.apply(rule));
    LockRequest request = new LockRequest(
        engine,
        queue.name(),
        List.of(claim),
        stepOptions,
        waits,
        grant -> new ClaimedNumber(engine, grant, options, number));
    begin(request, (granted, failure) -> {
      if (granted.isPresent()) {
        leaveQueue();
        options.observers().onGranted(granted.get().token(), waited());
        outcome.complete(granted);
      } else if (rule.isTaken()) {
        read();
      } else if (failure == null) {
        completeBusy();
      } else {
        fail(failure);
      }
    });
  }

  private void await() {
    if (turn != null && turn.isKept()) {
      turn.awaitFree();
    } else {
      queueUp();
    }
  }

  @Override
  public void onFree() {
    read();
  }

  @Override
  public void onTurnLost() {
    queueUp();
  }

  @Override
  public void onTurnFailed(ZkException reason) {
    fail(reason);
  }

  /** Takes a place at the end of the queue. */
  private void queueUp() {
    leaveQueue();
    NumberTurn next = new NumberTurn(engine, stepOptions, this);
    Claim claim = anyNumber(queue, numbers.count());
    LockRequest request =
        new LockRequest(engine, queue.name(), List.of(claim), stepOptions, true, next);
    begin(request, (granted, failure) -> {
      if (granted.isPresent()) {
        turn = next;
        read();
      } else if (failure != null) {
        fail(failure);
      }
    });
  }

  /** Begins the next step, whose end is passed on only if the request still needs it. */
  private void begin(LockRequest step, BiConsumer<Optional<Lease>, @Nullable Throwable> end) {
    current = step;
    step.outcome().whenComplete((granted, failure) -> {
      Optional<Lease> lease = failure == null ? granted : Optional.empty();
      if (outcome.isDone()) {
        lease.ifPresent(Lease::close);
      } else {
        end.accept(lease, failure);
      }
    });
    step.start();
  }

  private void leaveQueue() {
    if (turn != null) {
      turn.close();
      turn = null;
    }
  }

  private void fail(Throwable reason) {
    outcome.completeExceptionally(reason);
    options.observers().onGivenUp(waited());
    withdraw(
        reason instanceof ZkException known
            ? known
            : new ZkException(queue + ": failed: " + reason.getMessage()));
  }

  private void withdraw(ZkException reason) {
    leaveQueue();
    if (current != null) {
      current.giveUp(reason);
    }
  }

  private long waited() {
    return engine.client().timekeeper().nanos() - requestedAt;
  }
}
