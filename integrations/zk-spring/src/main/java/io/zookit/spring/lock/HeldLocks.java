package io.zookit.spring.lock;

import io.zookit.lock.Lease;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The leases under which the current thread runs methods, the innermost first. */
final class HeldLocks {

  /**
   * A lease and the method that runs under it.
   *
   * @param method the method
   * @param lease the lease
   */
  private record HeldLock(LockedMethod method, Lease lease) {}

  private static final ThreadLocal<Deque<HeldLock>> HELD = ThreadLocal.withInitial(ArrayDeque::new);

  private HeldLocks() {}

  /** An action that may throw anything, as methods may. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws Throwable;
  }

  static <T> T within(LockedMethod method, Lease lease, Call<T> call) throws Throwable {
    Deque<HeldLock> held = HELD.get();
    held.push(new HeldLock(method, lease));
    try {
      return call.run();
    } finally {
      held.pop();
      if (held.isEmpty()) {
        HELD.remove();
      }
    }
  }

  /** The lease of the innermost method, if that is this one. */
  static Optional<Lease> of(LockedMethod method) {
    HeldLock innermost = HELD.get().peek();
    return Optional.ofNullable(innermost)
        .filter(each -> each.method().equals(method))
        .map(HeldLock::lease);
  }
}
