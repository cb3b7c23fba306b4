package io.zookit.lock.internal.request;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.lock.CellLease;
import io.zookit.lock.Lease;
import io.zookit.lock.LeaseState;
import io.zookit.lock.LockObserver;
import io.zookit.lock.LockTimeoutException;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.guarded.Guard;
import io.zookit.lock.internal.handoff.HandOffQueues;
import io.zookit.lock.internal.handoff.HandOffRequest;
import io.zookit.lock.internal.lease.LockObservers;
import io.zookit.lock.internal.queue.BrokenReleases;
import io.zookit.lock.internal.queue.BrokenSuccession;
import io.zookit.lock.internal.request.LockTruth.Entry;
import io.zookit.lock.internal.request.LockTruth.Want;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedHandle;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks for locks of one process at random, holds what it gets for a while, gives it back. */
final class SimulatedUser {

  /** The kind that a request is made with. */
  enum RequestKind {
    PLAIN,
    /** Requests of one process share a node. */
    HAND_OFF,
    /** The lock has a state, which its owners count up. */
    CELL
  }

  /** A request of a user, and its result. */
  static final class Asked {
    final List<Want> wants;
    final RequestKind kind;
    final boolean patient;
    final boolean unlimited;
    CompletableFuture<Optional<Lease>> outcome = new CompletableFuture<>();
    List<Entry> entries = List.of();
    private boolean isResigned;

    /** True if it was granted when the deadline of its session passed without a connection. */
    boolean isLapsed;

    boolean isDowngraded;

    @Nullable
    Lease lease;

    private @Nullable FencingToken token;
    private final LockTruth truth;

    Asked(LockTruth truth, List<Want> wants, RequestKind kind, boolean patient, boolean unlimited) {
      this.truth = truth;
      this.wants = wants;
      this.kind = kind;
      this.patient = patient;
      this.unlimited = unlimited;
    }

    /** The user wants the lock no longer, whether it has it or not. */
    void resign() {
      isResigned = true;
      entries.stream().filter(entry -> Objects.equals(entry.token, token)).forEach(truth::resigned);
    }

    void onGranted(List<Entry> granted, FencingToken with) {
      entries = granted;
      token = with;
      if (isResigned) {
        resign();
      }
    }

    boolean isSettled() {
      Lease got = lease;
      return outcome.isDone()
          && (got == null || (got.released().isDone() && got.state() != LeaseState.HELD));
    }

    @Override
    public String toString() {
      return kind + " " + wants + (patient ? "" : " at once") + " -> "
          + (lease == null ? outcome.toString() : lease.toString());
    }
  }

  private static final List<String> MUTEXES = List.of("a", "b", "nested/c");
  private static final String READ_WRITE = "rw";
  private static final String SEMAPHORE = "sem";

  /** The lock with a state. */
  static final String CELL = "cell";

  private static final int INITIAL = 3;
  private static final int MOST_ROUNDS = 40;
  private static final int BOUND = 4;

  private final SimulatedClient client;
  private final Mutation mutation;
  private final VirtualTime time;
  private final LockEngine engine;
  private final LockTruth truth;
  private final ModelStore store;
  private final boolean strict;
  private final boolean crowded;
  private final long longest;
  private final Consumer<String> findings;
  private final List<Asked> asked = new ArrayList<>();

  /** True if it often wants again what it has just released. */
  private final boolean returns;

  private int rounds;

  SimulatedUser(
      SimulatedClient client,
      Mutation mutation,
      LockTruth truth,
      ModelStore store,
      boolean strict,
      boolean crowded,
      long longest,
      Consumer<String> findings) {
    this.client = client;
    this.mutation = mutation;
    this.time = client.process().time();
    this.engine = client.engine(
        LockEngine.class,
        each -> new LockEngine(
            each,
            BrokenSuccession.of(client, mutation),
            (core, known) -> BrokenReleases.of(core, known, mutation)));
    this.truth = truth;
    this.store = store;
    this.strict = strict;
    this.crowded = crowded;
    this.longest = longest;
    this.findings = findings;
    this.returns = time.chance(0.5);
  }

  SimulatedClient client() {
    return client;
  }

  /** Returns whether the process was killed. */
  boolean isGone() {
    return client.process().isKilled();
  }

  LockEngine engine() {
    return engine;
  }

  List<Asked> asked() {
    return asked;
  }

  /** Does one thing. */
  void act() {
    long open = asked.stream().filter(each -> !each.isSettled()).count();
    if (open >= 4) {
      if (!crowded) {
        giveSomethingUp();
      }
    } else if (time.chance(0.08)) {
      engine.changeMaximum(SEMAPHORE, 1 + time.below(5)).exceptionally(failure -> {
        if (!(unwrapped(failure) instanceof ZkUnavailableException)) {
          findings.accept("a maximum could not be changed: " + failure);
        }
        return null;
      });
    } else if (time.chance(0.15)) {
      giveSomethingUp();
    } else if (!crowded && time.chance(0.15)) {
      ask(List.of(new Want(CELL, 'x', 1)), RequestKind.CELL);
    } else {
      List<Want> wants = wants();
      boolean mutex = wants.size() == 1 && MUTEXES.contains(wants.get(0).lock());
      boolean shares = mutex && time.chance(0.4);
      for (int more = shares ? time.below(3) : 0; more >= 0; more--) {
        ask(wants, shares ? RequestKind.HAND_OFF : RequestKind.PLAIN);
      }
    }
  }

  private void giveSomethingUp() {
    List<Asked> open = asked.stream().filter(each -> !each.outcome.isDone()).toList();
    if (!open.isEmpty()) {
      open.get(time.below(open.size())).outcome.cancel(false);
    }
  }

  private List<Want> wants() {
    if (crowded) {
      return List.of(new Want(MUTEXES.get(0), 'x', 1));
    }
    if (time.chance(0.2)) {
      List<Want> several = new ArrayList<>();
      for (String mutex : MUTEXES) {
        if (time.chance(0.6)) {
          several.add(new Want(mutex, 'x', 1));
        }
      }
      several.add(new Want(READ_WRITE, time.chance(0.5) ? 'x' : 'r', 1));
      if (time.chance(0.5)) {
        several.add(new Want(SEMAPHORE, 'p', 1 + time.below(INITIAL)));
      }
      return several;
    }
    return List.of(
        switch (time.below(3)) {
          case 0 -> new Want(MUTEXES.get(time.below(MUTEXES.size())), 'x', 1);
          case 1 -> new Want(READ_WRITE, time.chance(0.4) ? 'x' : 'r', 1);
          default -> new Want(SEMAPHORE, 'p', 1 + time.below(INITIAL));
        });
  }

  private void ask(List<Want> wants, RequestKind kind) {
    boolean patient = kind == RequestKind.CELL || !time.chance(0.15);
    boolean unlimited = patient && time.chance(0.6);
    Asked each = new Asked(truth, wants, kind, patient, unlimited);
    asked.add(each);
    String name = wants.stream().map(Want::lock).collect(Collectors.joining("+"));
    List<Claim> claims = wants.stream().map(this::claim).toList();
    LockOptions options = LockOptions.observedBy(LockObservers.of(
        engine.meters(), name, new Witness(each), SerialLane.inline(client.executor(), "witness")));
    if (!patient) {
      tryOnce(
          each,
          kind == RequestKind.HAND_OFF
              ? handOff(name, claims.get(0), options, false)
              : LockRequest.plain(engine, name, claims, options, false));
    } else {
      QueueLock lock = switch (kind) {
        case PLAIN -> QueueLock.of(engine, name, claims, options);
        case HAND_OFF ->
          new QueueLock(
              engine, name, claims, waits -> handOff(name, claims.get(0), options, waits));
        case CELL -> Guard.reading().lock(engine, claims.get(0), options);
      };
      CompletableFuture<Lease> promised =
          unlimited ? lock.acquireAsync() : lock.acquireAsync(Duration.ofMillis(time.below(3_000)));
      follow(each, promised);
    }
  }

  private HandOffRequest handOff(String name, Claim claim, LockOptions options, boolean waits) {
    return new HandOffRequest(
        HandOffQueues.in(client), new HandOffQueues.Key(name, BOUND), claim, options, waits);
  }

  private Claim claim(Want want) {
    LockQueue queue = new LockQueue(client, want.lock());
    Claim claim = switch (want.mode()) {
      case 'r' -> Claim.shared(queue);
      case 'p' -> PermitRule.claim(engine, queue, want.weight(), INITIAL);
      default -> time.chance(0.5) ? Claim.exclusive(queue) : Claim.lookingAhead(queue);
    };
    return BrokenRules.break_(claim, mutation);
  }

  private void tryOnce(Asked each, Request request) {
    request.outcome().whenComplete((lease, failure) -> {
      if (failure != null) {
        each.outcome.completeExceptionally(failure);
      } else {
        each.outcome.complete(lease);
      }
    });
    each.outcome.whenComplete((lease, failure) -> {
      if (each.outcome.isCancelled()) { // what an interrupt does
        each.resign();
        client.run(() -> request.giveUp(new ZkException("interrupted")));
      }
      onOutcome(each, lease == null ? Optional.empty() : lease, failure);
    });
    client.run(() -> {
      if (engine.connected().isPresent()) {
        request.start();
      } else {
        request.giveUp(new ZkUnavailableException("not connected"));
      }
    });
  }

  private void follow(Asked each, CompletableFuture<Lease> promised) {
    promised.whenComplete((lease, failure) -> {
      if (failure != null) {
        each.outcome.completeExceptionally(failure);
      } else {
        each.outcome.complete(Optional.of(lease));
      }
    });
    each.outcome.whenComplete((lease, failure) -> {
      if (each.outcome.isCancelled()) {
        each.resign();
        promised.cancel(false);
      }
      onOutcome(each, lease == null ? Optional.empty() : lease, failure);
    });
  }

  private void onOutcome(Asked each, Optional<Lease> outcome, @Nullable Throwable failure) {
    if (failure != null) {
      explain(each, unwrapped(failure));
    } else if (outcome.isPresent()) {
      Lease lease = outcome.get();
      each.lease = lease;
      long held = time.chance(0.2) ? longest : 60 * VirtualTime.MILLI;
      Runnable close = () -> {
        each.resign();
        leave(each, lease);
        returnAtOnce(each);
      };
      if (time.chance(0.1)) {
        close.run();
      } else {
        use(each, lease, held);
        client.process().within(0, held, close);
      }
      if (each.kind == RequestKind.PLAIN
          && each.wants.size() == 1
          && each.wants.get(0).mode() == 'x'
          && time.chance(0.3)) {
        client.process().within(0, held / 2, () -> downgrade(each, lease));
      }
    } else if (each.patient) {
      findings.accept("a patient request ended empty: " + each);
    }
  }

  /** Some want again what they have just released. */
  private void returnAtOnce(Asked each) {
    boolean single = each.wants.size() == 1;
    if (single && returns && rounds < MOST_ROUNDS && time.chance(0.9)) {
      rounds++;
      ask(each.wants, each.kind);
    }
  }

  /** Reads from the store behind a fence, and writes to it later, whether the lease is still valid or not. */
  private void use(Asked each, Lease lease, long held) {
    for (Want want : each.wants) {
      if (want.mode() == 'p' || time.chance(0.5)) {
        continue;
      }
      Supplier<FenceMode> mode =
          () -> want.mode() == 'r' || each.isDowngraded ? FenceMode.SHARED : FenceMode.EXCLUSIVE;
      client
          .process()
          .within(
              0,
              held / 2,
              () -> store.read(want.lock(), lease, mode.get(), value -> {
                if (mode.get() == FenceMode.EXCLUSIVE) {
                  client.process().within(0, held, () -> {
                    if (mode.get() == FenceMode.EXCLUSIVE) {
                      store.write(want.lock(), lease, value + 1);
                    }
                  });
                }
              }));
    }
  }

  private void leave(Asked each, Lease lease) {
    if (lease instanceof CellLease cell && time.chance(0.8)) {
      store.countUp(each.wants.get(0).lock(), cell);
    } else {
      lease.close();
    }
  }

  private static void downgrade(Asked each, Lease lease) {
    if (lease.state() == LeaseState.HELD) {
      each.isDowngraded = true;
      ((LeaseHandle) lease).downgrade();
    }
  }

  /** Every failure needs a reason. */
  private void explain(Asked each, Throwable failure) {
    boolean permits = each.wants.stream().anyMatch(want -> want.mode() == 'p');
    boolean expected = each.outcome.isCancelled()
        || (failure instanceof LockTimeoutException && !each.unlimited)
        || (failure instanceof ZkUnavailableException && !each.patient)
        || (failure instanceof ZkException
            && permits
            && String.valueOf(failure.getMessage()).contains("the maximum is"))
        || (failure instanceof ZkException
            && String.valueOf(failure.getMessage()).contains("the client is closed"))
        || (!strict
            && !each.patient
            && String.valueOf(failure.getMessage()).contains("its node was removed"));
    if (!expected) {
      findings.accept("failed without a reason: " + each + ": " + failure);
    }
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  /** Sees each grant in the moment it is made. */
  private final class Witness implements LockObserver {
    private final Asked each;

    Witness(Asked each) {
      this.each = each;
    }

    @Override
    public void onGranted(String lock, FencingToken token, Duration waited) {
      Optional<SimulatedHandle> handle = client.simulatedHandle();
      if (handle.isEmpty() || !handle.get().isReallySafe()) {
        findings.accept("granted while the session was not safe: " + each);
      } else {
        each.onGranted(truth.granted(each.wants, token, handle.get().sessionId(), strict), token);
      }
    }
  }
}
