package io.zookit.lock.internal.blocking;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.JavaLock;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.request.LockRequest;
import io.zookit.lock.internal.request.Request;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/** One or several locks as users call them: creates requests and waits for them. */
public final class QueueLock implements DistributedLock {

  /** Creates the requests of a lock. */
  public interface Requests {

    /**
     * Creates a request that is not started.
     *
     * @param waits whether it queues behind others, or ends empty if there are any
     */
    Request make(boolean waits);
  }

  private final LockEngine engine;
  private final String name;
  private final List<Claim> claims;
  private final Requests requests;

  public QueueLock(LockEngine engine, String name, List<Claim> claims, Requests requests) {
    this.engine = engine;
    this.name = name;
    this.claims = claims;
    this.requests = requests;
  }

  /** Returns a lock whose requests are plain. */
  public static QueueLock of(
      LockEngine engine, String name, List<Claim> claims, LockOptions options) {
    return new QueueLock(
        engine, name, claims, waits -> LockRequest.plain(engine, name, claims, options, waits));
  }

  /** Returns a lock without options. */
  public static QueueLock plain(LockEngine engine, String name, Claim claim) {
    return of(engine, name, List.of(claim), LockOptions.plain(engine, name));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Lease acquire() throws InterruptedException {
    return await(begin(null)).orElseThrow();
  }

  @Override
  public Lease acquire(Duration timeout) throws InterruptedException {
    return await(begin(requireTimeout(timeout))).orElseThrow();
  }

  @Override
  public Optional<Lease> tryAcquire() throws InterruptedException {
    Request request = requests.make(false);
    engine
        .client()
        .loop()
        .execute(() -> engine
            .connected()
            .ifPresentOrElse(
                handle -> look(handle, request),
                () -> request.giveUp(
                    new ZkUnavailableException(this + ": not connected; nothing was sent"))));
    return await(request);
  }

  @Override
  public <R> Optional<R> ifFree(Function<? super Lease, ? extends R> action)
      throws InterruptedException {
    Optional<Lease> taken = tryAcquire();
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    try (Lease lease = taken.get()) {
      return Optional.of(action.apply(lease));
    }
  }

  @Override
  public CompletableFuture<Lease> acquireAsync() {
    return acquireAsync(Lease.class);
  }

  @Override
  public CompletableFuture<Lease> acquireAsync(Duration timeout) {
    return acquireAsync(timeout, Lease.class);
  }

  /** Requests a lock whose leases all are of one type. */
  public <L extends Lease> CompletableFuture<L> acquireAsync(Class<L> type) {
    return promise(begin(null), type);
  }

  /** Requests a lock whose leases all are of one type, with a limit of time. */
  public <L extends Lease> CompletableFuture<L> acquireAsync(Duration timeout, Class<L> type) {
    return promise(begin(requireTimeout(timeout)), type);
  }

  @Override
  public JavaLock asJavaLock() {
    Claim first = claims.get(0);
    boolean shared = claims.size() == 1 && first.mode() == QueueEntry.SHARED;
    String key =
        first.mode() == QueueEntry.PERMITS ? name + " " + first.weight() + " permits" : name;
    return new ThreadLock(this, key, shared, ReentrantHolds.in(engine.client()));
  }

  private Request begin(@Nullable Duration timeout) {
    Request request = requests.make(true);
    engine.client().loop().execute(request::start);
    if (timeout != null) {
      Runnable expire = () -> request.giveUpUnlessGranted(() -> new LockTimeoutException(
          this + ": not granted within " + timeout + ", " + request.describe(),
          request.waitedFor().orElse(null)));
      Subscription timer = engine
          .client()
          .timekeeper()
          .after(timeout, () -> engine.client().loop().execute(expire));
      request.outcome().whenComplete((lease, failure) -> timer.close());
    }
    return request;
  }

  /** Continues only if the first queue is empty: a lock that is not free costs one read. */
  private void look(SessionHandle handle, Request request) {
    Claim first = claims.get(0);
    if (first.mode() != QueueEntry.EXCLUSIVE) {
      request.start(); // others in the queue do not mean that it is taken
      return;
    }
    engine.queues().look(handle, first.queue().path(), listed -> {
      if (listed.code() == Code.NONODE || (listed.isOk() && listed.get().isEmpty())) {
        request.start();
      } else if (listed.isOk()) {
        request.completeBusy();
      } else if (listed.isAnswered()) {
        request.giveUp(KeeperErrors.of(listed.code(), first.queue().path()));
      } else {
        request.giveUp(
            new ZkUnavailableException(this + ": the connection broke; nothing is left behind"));
      }
    });
  }

  private Optional<Lease> await(Request request) throws InterruptedException {
    try {
      return BlockingCalls.await(request.outcome());
    } catch (InterruptedException e) {
      engine.client().loop().execute(() -> request.giveUp(new ZkException(this + ": interrupted")));
      throw e;
    }
  }

  /** Whatever ends the promise but our own lease withdraws the request. */
  private <L extends Lease> CompletableFuture<L> promise(Request request, Class<L> type) {
    AsyncResult<L> promised = new AsyncResult<>(engine.client().executor(), Lease::close);
    request.outcome().whenComplete((lease, failure) -> {
      if (failure != null) {
        promised.fail(failure);
      } else if (!promised.settle(type.cast(lease.orElseThrow()))) {
        lease.orElseThrow().close();
      }
    });
    promised.whenComplete((lease, failure) -> {
      if (failure != null) {
        engine.client().loop().execute(() -> request.giveUp(new ZkException(this + ": withdrawn")));
      }
    });
    return promised;
  }

  private static Duration requireTimeout(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: zero or more)");
    }
    return timeout;
  }

  @Override
  public String toString() {
    return "lock " + name;
  }
}
