package io.zookit.core.fence;

import io.zookit.core.FencingToken;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A fence for what this process holds in memory: a cache, a connection to a device, a buffer before a store.
 *
 * <p><i>Threads:</i> any; virtual ones are not pinned. Resources do not wait for each other.
 *
 * <p><i>Cost:</i> one small entry for each resource ever touched, kept as long as the fence: a mark that is forgotten
 * admits everybody.
 */
public final class MemoryFence {

  private final ConcurrentMap<String, Guarded> resources = new ConcurrentHashMap<>();

  private static final class Guarded {
    final ReentrantLock lock = new ReentrantLock();
    FenceMark mark = FenceMark.untouched();
  }

  /**
   * Admits the holder of a token, or refuses it. Call it under a lock of the store itself that is held until the touch
   * is done; {@link #guard} has such a lock.
   *
   * @throws StaleTokenException if a newer holder has touched the resource
   */
  public void admit(String resource, FencingToken token, FenceMode mode) {
    guard(resource, token, mode, () -> true);
  }

  /**
   * Touches the resource if the holder of the token may: no other holder is admitted until the action has ended. The
   * holder stays admitted if the action throws.
   *
   * @param resource what the lock protects, 1 to 512 characters
   * @param mode how the lock is held
   * @param action reads or writes the resource, briefly; one at a time per resource, in either mode
   * @throws StaleTokenException if a newer holder has touched the resource; the action was not called
   */
  public <T> T guard(String resource, FencingToken token, FenceMode mode, Supplier<T> action) {
    Guarded guarded =
        resources.computeIfAbsent(ResourceName.require(resource), name -> new Guarded());
    guarded.lock.lock();
    try {
      FenceMark before = guarded.mark;
      guarded.mark = before
          .admit(token, mode)
          .orElseThrow(() -> new StaleTokenException(resource, token, mode, before));
      return action.get();
    } finally {
      guarded.lock.unlock();
    }
  }
}
