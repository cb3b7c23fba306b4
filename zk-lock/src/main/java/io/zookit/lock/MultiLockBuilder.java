package io.zookit.lock;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.request.PermitRule;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Builds a lock of several names that are acquired as one: any mix of exclusive, shared and permits.
 *
 * <p>One transaction puts the request into all queues, so all of them order any two such requests alike, and requests
 * whose owners hold nothing else never wait for each other in a cycle. A caller that already holds a lock should only
 * try. The lease holds all of them, has one token for all, and releases all together.
 *
 * <p><i>Cost:</i> 2 requests in 1 round trip when all are free, however many there are; a release is 1 request for
 * each.
 */
public final class MultiLockBuilder {

  /** The claim on one name. */
  private record Part(Claim claim, int strength) {}

  private final LockEngine engine;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  MultiLockBuilder(ZkClient client) {
    this.engine = LockEngine.in(CoreClient.of(client));
  }

  /** Asks for a lock, or the write side of a read-write lock. */
  public MultiLockBuilder exclusive(String name) {
    return add(name, new Part(Claim.exclusive(queue(name)), 2));
  }

  /** Asks for the read side of a read-write lock. Asked for both sides, the stronger counts. */
  public MultiLockBuilder shared(String name) {
    return add(name, new Part(Claim.shared(queue(name)), 1));
  }

  /**
   * Adds permits of a semaphore. If it was added before, the greater number counts.
   *
   * @param initial the maximum if none was ever set
   */
  public MultiLockBuilder permits(String name, int permits, int initial) {
    DistributedSemaphore.requirePermits("permits", permits);
    DistributedSemaphore.requirePermits("initial", initial);
    return add(name, new Part(PermitRule.claim(engine, queue(name), permits, initial), permits));
  }

  /**
   * Creates the lock; nothing is sent.
   *
   * @throws IllegalStateException if no name was added
   */
  public DistributedLock build() {
    if (parts.isEmpty()) {
      throw new IllegalStateException("locks: none (expected: at least one)");
    }
    List<Claim> claims = parts.values().stream().map(Part::claim).toList();
    String name = parts.keySet().stream().collect(Collectors.joining(" + "));
    return QueueLock.of(engine, name, claims, LockOptions.plain(engine, name));
  }

  private MultiLockBuilder add(String name, Part part) {
    Part known = parts.get(name);
    if (known != null
        && (known.claim.mode() == QueueEntry.PERMITS)
            != (part.claim.mode() == QueueEntry.PERMITS)) {
      throw new IllegalArgumentException(
          "name: \"" + name + "\" (expected: either a lock or a semaphore)");
    }
    if (known == null || part.strength > known.strength) {
      parts.put(name, part);
    }
    return this;
  }

  private LockQueue queue(String name) {
    return new LockQueue(engine.client(), name);
  }
}
