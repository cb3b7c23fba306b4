package io.zookit.spring.lock;

import io.micrometer.observation.Observation;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException;
import io.zookit.spring.internal.observe.ObservedCalls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/** Acquires the lock of a method in front of everything else that surrounds it, and releases it behind all of that. */
final class LockInterceptor implements MethodInterceptor {

  private final LockedMethods methods;
  private final Supplier<ZkClient> client;
  private final ObservedCalls observed;

  LockInterceptor(LockedMethods methods, Supplier<ZkClient> client, ObservedCalls observed) {
    this.methods = methods;
    this.client = client;
    this.observed = observed;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    LockedMethod method = methods.find(invocation).orElse(null);
    if (method == null) {
      return invocation.proceed();
    }
    boolean inTransaction = Transactions.isActive();
    if (inTransaction && method.release() == LockRelease.AFTER_CALL) {
      throw new IllegalStateException("lock of " + method.method().getName()
          + ": a transaction of the caller is active, and would be committed after the release (expected: no"
          + " transaction in the caller, or release = AFTER_COMPLETION)");
    }
    String name = method.lockName(invocation.getThis(), invocation.getArguments());
    DistributedLock lock = DistributedLock.named(name, client.get());
    Optional<Lease> lease = observed.observe(
        "zookit.lock.wait",
        Observation.Context::new,
        new ObservedCalls.ObservedSubject("method", method.shown()),
        () -> acquire(lock, method),
        granted -> granted.isPresent() ? "granted" : "busy");
    return lease.isPresent()
        ? call(invocation, method, lease.get(), inTransaction)
        : method.skipped();
  }

  private static Optional<Lease> acquire(DistributedLock lock, LockedMethod method)
      throws InterruptedException {
    Duration timeout = method.timeout();
    if (method.onBusy() == OnBusy.THROW) {
      return Optional.of(lock.acquire(timeout));
    }
    if (timeout.isZero()) {
      return lock.tryAcquire();
    }
    try {
      return Optional.of(lock.acquire(timeout));
    } catch (LockTimeoutException e) {
      return Optional.empty(); // That is what SKIP asks for.
    }
  }

  private static @Nullable Object call(
      MethodInvocation invocation, LockedMethod method, Lease lease, boolean inTransaction)
      throws Throwable {
    Object result;
    try {
      if (inTransaction) {
        Transactions.afterCompletion(lease::close);
      }
      fill(invocation, method, lease);
      result = HeldLocks.within(method, lease, invocation::proceed);
    } catch (Throwable e) {
      if (!inTransaction) {
        lease.close();
      }
      throw e;
    }
    if (inTransaction) {
      return result;
    }
    if (result instanceof CompletionStage<?> stage) {
      return stage.whenComplete((value, failure) -> lease.close());
    }
    lease.close();
    return result;
  }

  private static void fill(MethodInvocation invocation, LockedMethod method, Lease lease) {
    if (invocation instanceof ProxyMethodInvocation proxied) {
      proxied.setArguments(method.withLease(invocation.getArguments(), lease));
    }
  }
}
