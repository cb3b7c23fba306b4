package io.zookit.core.internal.node;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.internal.path.ZkPath;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the ephemeral nodes of one session, for all modules together.
 *
 * <p>When a session ends, ZooKeeper writes one transaction that lists the path of each of its ephemeral nodes. A list
 * longer than a server can read leaves an ensemble that does not start again, so the paths are counted before the nodes
 * are created. The standard budget is far below the length that is known to do harm (2 MiB), because a chroot before
 * each path is not counted.
 *
 * <p>A reservation belongs to the one that wants a node, not to the node: it outlasts a change of the session, after
 * which the node is created again.
 *
 * <p><i>Threads:</i> any, without locks.
 */
public final class EphemeralBudget {

  private static final long STANDARD = 768 * 1024;

  /** Each path is preceded by its length. */
  private static final int LENGTH_PREFIX = 4;

  private final long total;
  private final AtomicLong used = new AtomicLong();

  /** Room for one ephemeral node. Closing gives it back; idempotent. */
  public interface Reservation extends AutoCloseable {

    @Override
    void close();
  }

  /** Creates a budget of 768 KiB: about 12,000 nodes with paths of 60 characters. */
  public EphemeralBudget() {
    this(STANDARD);
  }

  /** Creates a budget of {@code bytes} of paths, 1 or more. */
  public EphemeralBudget(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("budget: " + bytes + " (expected: 1 or more)");
    }
    this.total = bytes;
  }

  /**
   * Reserves room for one node.
   *
   * @throws EphemeralBudgetException if there is not enough left; nothing was taken
   */
  public Reservation reserve(ZkPath path) {
    int size = path.value().getBytes(StandardCharsets.UTF_8).length + LENGTH_PREFIX;
    long before = used.getAndUpdate(now -> now + size <= total ? now + size : now);
    if (before + size > total) {
      throw new EphemeralBudgetException("ephemeral " + path + ": needs " + size + " bytes, "
          + before + " of " + total + " are used by this session");
    }
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.getAndSet(false)) {
        used.addAndGet(-size);
      }
    };
  }

  /** The number of bytes that are reserved. */
  public long used() {
    return used.get();
  }
}
