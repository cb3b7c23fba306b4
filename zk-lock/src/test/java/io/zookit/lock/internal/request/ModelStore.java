package io.zookit.lock.internal.request;

import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.MemoryFence;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.lock.CellLease;
import io.zookit.lock.Lease;
import io.zookit.lock.LockLostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Counters that holders of locks increment: in a store that admits by tokens, and in the state of a lock. No
 * acknowledged increment may be lost, and where no session ends before its time the store never refuses a valid lease.
 */
final class ModelStore {

  /** Increments of the state of a lock. */
  private static final class CellCount {
    int acknowledged;

    /** Increments whose outcome was reported as unknown, or that a process was killed in. */
    int unknown;
  }

  private final boolean honest;
  private final Consumer<String> findings;
  private final MemoryFence fence = new MemoryFence();
  private final Map<String, Integer> values = new HashMap<>();
  private final Map<String, Integer> acknowledged = new HashMap<>();
  private final Map<String, CellCount> cells = new HashMap<>();

  /**
   * Creates an empty store.
   *
   * @param honest whether a valid lease is always the only one
   */
  ModelStore(boolean honest, Consumer<String> findings) {
    this.honest = honest;
    this.findings = findings;
  }

  /** Reads a counter if the fence admits the lease. */
  void read(String lock, Lease lease, FenceMode mode, IntConsumer value) {
    if (admits(lock, lease, mode)) {
      value.accept(values.getOrDefault(lock, 0));
    }
  }

  /** Writes a counter if the fence admits the lease. */
  void write(String lock, Lease lease, int value) {
    if (admits(lock, lease, FenceMode.EXCLUSIVE)) {
      values.put(lock, value);
      int count = acknowledged.merge(lock, 1, Integer::sum);
      if (count != value) {
        findings.accept("a write was lost: " + lock + " is " + value + " after " + count
            + " acknowledged increments, by " + lease);
      }
    }
  }

  private boolean admits(String lock, Lease lease, FenceMode mode) {
    boolean valid = lease.isValid();
    try {
      fence.admit(lock, lease.token(), mode);
      return true;
    } catch (StaleTokenException e) {
      if (honest && valid) {
        findings.accept("a valid lease was refused: " + lease + ", " + e.getMessage());
      }
      return false;
    }
  }

  /** Leaves a lock with its state counted up. */
  void countUp(String lock, CellLease lease) {
    CellCount count = cells.computeIfAbsent(lock, missing -> new CellCount());
    count.unknown++;
    int next = lease.value().map(bytes -> ByteBuffer.wrap(bytes).getInt()).orElse(0) + 1;
    lease
        .release(ByteBuffer.allocate(Integer.BYTES).putInt(next).array())
        .whenComplete((nothing, failure) -> {
          Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
          if (cause == null) {
            count.unknown--;
            count.acknowledged++;
          } else if (cause instanceof LockLostException
              || (!honest && cause instanceof ZkAccessException)) { // the delete may be refused
            count.unknown--;
          } else if (!(cause instanceof ZkUnavailableException)) {
            findings.accept("a cell could not be written: " + lease + ": " + cause);
          }
        });
  }

  /** Compares the state of a lock at the end with what was acknowledged. */
  void requireCounted(String lock, byte[] state) {
    int value = state.length == 0 ? 0 : ByteBuffer.wrap(state).getInt();
    CellCount count = cells.getOrDefault(lock, new CellCount());
    if (value < count.acknowledged || value > count.acknowledged + count.unknown) {
      findings.accept("a write of a cell was lost: " + lock + " is " + value + " after "
          + count.acknowledged + " acknowledged and " + count.unknown + " unknown increments");
    }
  }
}
