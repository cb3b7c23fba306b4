package io.zookit.lock.election;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.lease.LockObservers;
import io.zookit.lock.internal.request.LeaseHandle;
import io.zookit.lock.internal.request.LeaseOwner;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.request.LockRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A candidate in the queue of a lock. Used on the loop.
 *
 * <pre>
 *   Asking ──granted──► Checking ──none to let pass────► Leading ──asked to resign───► Draining
 *    ▲  ▲                  │                                │                             │
 *    │  └──lets pass, lost─┘◄───────────lost────────────────┴─────────────────────────────┤
 *    │                                                                                    │
 *   Pausing ◄──failed, or onElected threw: once more, later          finished, or too long│
 *                                                     Ended ◄──closed─────────────────────┘
 * </pre>
 */
final class QueuedCandidacy implements Candidacy, LeaseOwner {

  private sealed interface State {}

  private record Asking(LockRequest request) implements State {}

  private record Checking(LeaseHandle lease) implements State {}

  private record Leading(HeldLeadership term) implements State {}

  private record Draining(HeldLeadership term, Subscription timer) implements State {}

  private record Pausing(Subscription timer) implements State {}

  private record Ended() implements State {}

  private static final Logger log = LoggerFactory.getLogger(QueuedCandidacy.class);
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(25));
  private static final Ended ENDED = new Ended();

  private final Elections elections;
  private final Candidate candidate;
  private final LockEngine engine;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile State state = ENDED;
  private boolean closing;
  private int failures;

  /** The exception that the listener threw when it received the leadership that is being ended. */
  private @Nullable Throwable rejected;

  QueuedCandidacy(Elections elections, Candidate candidate) {
    this.elections = elections;
    this.candidate = candidate;
    this.engine = candidate.engine();
  }

  @Override
  public String label() {
    return candidate.label();
  }

  @Override
  public Optional<Leadership> leadership() {
    State now = state;
    if (now instanceof Leading leading) {
      return Optional.of(leading.term);
    }
    return now instanceof Draining draining ? Optional.of(draining.term) : Optional.empty();
  }

  @Override
  public CompletableFuture<Void> closed() {
    return closed.copy();
  }

  /** Queues, at the end. */
  void join() {
    if (closing) {
      end();
      return;
    }
    LockObservers observers = LockObservers.unobserved(engine.meters(), candidate.election());
    LockOptions options = LockOptions.observedBy(observers).withLabel(candidate.label());
    LockRequest request = new LockRequest(
        engine,
        candidate.election(),
        List.of(candidate.claim()),
        options,
        true,
        grant -> new LeaseHandle(engine, grant, options, this));
    Asking asking = new Asking(request);
    state = asking;
    request.start();
    request.outcome().whenComplete((granted, failure) -> {
      if (state != asking) {
        return;
      }
      if (failure == null) {
        onGranted((LeaseHandle) granted.orElseThrow());
      } else {
        onFailure(failure);
      }
    });
  }

  private void onGranted(LeaseHandle lease) {
    Checking checking = new Checking(lease);
    state = checking;
    check(checking);
  }

  /** Checks if this candidate leads; without an answer, again after the reconnect. */
  private void check(Checking checking) {
    new ElectionCheck(candidate, checking.lease, new ElectionCheck.Listener() {
          @Override
          public void onMine() {
            if (state == checking) {
              lead(checking.lease);
            }
          }

          @Override
          public void onOthers() {
            if (state == checking) {
              checking.lease.close();
              joinAgain();
            }
          }

          @Override
          public void onFailed(ZkException reason) {
            if (state == checking) {
              checking.lease.close();
              onFailure(reason);
            }
          }
        })
        .begin();
  }

  void onConnected(SessionHandle handle) {
    if (state instanceof Checking checking && checking.lease.grant().handle() == handle) {
      check(checking);
    }
  }

  private void lead(LeaseHandle lease) {
    HeldLeadership term = new HeldLeadership(this, lease, candidate.lane());
    state = new Leading(term);
    SerialLane loop = engine.client().loop();
    candidate.elected(
        term,
        () -> loop.execute(() -> onAccepted(term)),
        failure -> loop.execute(() -> onRejected(term, failure)));
  }

  private void onAccepted(HeldLeadership term) {
    if (state instanceof Leading leading && leading.term == term) {
      failures = 0;
    }
  }

  /** A leader that could not begin to lead makes room for the next, and queues again later. */
  private void onRejected(HeldLeadership term, Throwable failure) {
    if (state instanceof Leading leading && leading.term == term) {
      rejected = failure;
      drain(term, "onElected failed: " + failure);
    }
  }

  private void onFailure(Throwable failure) {
    Duration pause = PAUSES.delay(failures++);
    log.warn("{}: queues again in {}: {}", candidate, pause, failure.toString());
    state = new Pausing(engine
        .client()
        .timekeeper()
        .after(pause, () -> engine.client().loop().execute(this::onPauseOver)));
  }

  private void onPauseOver() {
    if (state instanceof Pausing) {
      join();
    }
  }

  /** Lets the leader finish, for a while. */
  private void drain(HeldLeadership term, String reason) {
    Draining draining = new Draining(
        term,
        engine
            .client()
            .timekeeper()
            .after(candidate.drain(), () -> engine.client().loop().execute(() -> onDrained(term))));
    state = draining;
    candidate
        .revoke(term, reason)
        .thenRun(() -> engine.client().loop().execute(() -> onDrained(term)));
  }

  private void onDrained(HeldLeadership term) {
    if (state instanceof Draining draining && draining.term == term) {
      draining.timer.close();
      term.lease().close();
      if (closing) {
        state = ENDED;
        elections.forget(this);
        term.lease().released().thenRun(() -> closed.complete(null));
      } else if (rejected != null) {
        Throwable failure = rejected;
        rejected = null;
        onFailure(failure);
      } else {
        joinAgain();
      }
    }
  }

  /** Behind the delete of the node that was given up, which is sent by a later step of the loop. */
  private void joinAgain() {
    state = new Pausing(() -> {});
    engine.client().loop().execute(this::onPauseOver);
  }

  @Override
  public void onRevokeAsked(LeaseHandle lease, String reason) {
    if (state instanceof Leading leading && leading.term.lease() == lease) {
      drain(leading.term, reason);
    }
  }

  @Override
  public void onLost(LeaseHandle lease, String reason) {
    if (state instanceof Checking checking && checking.lease == lease) {
      join();
    } else if (state instanceof Leading leading && leading.term.lease() == lease) {
      tellLost(leading.term, reason);
      join();
    } else if (state instanceof Draining draining && draining.term.lease() == lease) {
      draining.timer.close();
      tellLost(draining.term, reason);
      join();
    }
  }

  private void tellLost(HeldLeadership term, String reason) {
    term.tellLost();
    candidate.lost(term, reason);
  }

  CompletableFuture<Void> resign(HeldLeadership term) {
    engine.client().loop().execute(() -> {
      if (state instanceof Leading leading && leading.term == term) {
        drain(term, "resigned");
      }
    });
    return term.lease().released();
  }

  CompletableFuture<Void> transfer(HeldLeadership term, String to, Duration within) {
    ZkPath.requireName("candidate", to);
    if (within.isNegative() || within.isZero()) {
      throw new IllegalArgumentException("within: " + within + " (expected: more than zero)");
    }
    if (to.equals(candidate.label())) {
      throw new IllegalArgumentException("candidate: \"" + to + "\" (expected: another one)");
    }
    AsyncResult<Void> done = new AsyncResult<>(engine.client().executor());
    Runnable passed = () -> {
      if (state instanceof Leading leading && leading.term == term) {
        drain(term, "passed on to " + to);
      }
      AsyncResult.settled(term.lease().released()).thenAccept(done::settle);
    };
    engine
        .client()
        .loop()
        .execute(() ->
            new ElectionTransfer(candidate, term.lease(), to, within).begin(passed, done::fail));
    return done;
  }

  @Override
  public void close() {
    engine.client().loop().execute(() -> {
      closing = true;
      if (state instanceof Leading leading) {
        drain(leading.term, "closed");
      } else if (!(state instanceof Draining)) {
        end();
      }
    });
  }

  /** Nothing waits any longer; the leases go with their engine. */
  void onClientClosed() {
    closing = true;
    HeldLeadership term = leadership().map(HeldLeadership.class::cast).orElse(null);
    if (state instanceof Draining draining) {
      draining.timer.close();
    }
    if (term != null) {
      term.lease().close();
      tellLost(term, "the client is closed");
    }
    end();
  }

  private void end() {
    State before = state;
    state = ENDED;
    elections.forget(this);
    if (before instanceof Asking asking) {
      asking.request.giveUp(new ZkException(candidate + ": closed"));
    } else if (before instanceof Checking checking) {
      checking.lease.close();
    } else if (before instanceof Pausing pausing) {
      pausing.timer.close();
    }
    candidate.lane().execute(() -> closed.complete(null));
  }

  @Override
  public String toString() {
    return candidate.toString();
  }
}
