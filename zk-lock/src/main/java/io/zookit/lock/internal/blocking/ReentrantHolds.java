package io.zookit.lock.internal.blocking;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.lock.Lease;
import io.zookit.lock.LeaseState;
import io.zookit.lock.internal.lease.LeaseStateMachine;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The locks that threads of this process hold by way of adapters, for one client. An entry is used by its own thread
 * only, and removed when the thread holds nothing.
 */
public final class ReentrantHolds implements Engine {

  /**
   * One thread's hold of one lock.
   *
   * @param writes how often it has entered to exclude all others
   * @param reads how often it has entered to share
   */
  record Hold(Lease lease, int writes, int reads) {

    int count(boolean shared) {
      return shared ? reads : writes;
    }

    Hold plus(boolean shared, int entries) {
      return shared
          ? new Hold(lease, writes, reads + entries)
          : new Hold(lease, writes + entries, reads);
    }

    boolean isEmpty() {
      return writes == 0 && reads == 0;
    }

    /** Tells if the lease is over, by a loss or by a close. */
    boolean isOver() {
      LeaseState state = lease.state();
      return LeaseStateMachine.isOver(state);
    }
  }

  private record Key(Thread thread, String lock) {

    static Key mine(String lock) {
      return new Key(Thread.currentThread(), lock);
    }
  }

  private final ConcurrentMap<Key, Hold> holds = new ConcurrentHashMap<>();

  public static ReentrantHolds in(CoreClient client) {
    return client.engine(ReentrantHolds.class, made -> new ReentrantHolds());
  }

  /** Returns the hold of the calling thread. */
  Optional<Hold> mine(String lock) {
    return Optional.ofNullable(holds.get(Key.mine(lock)));
  }

  /** Replaces what the calling thread holds. */
  void set(String lock, Hold hold) {
    if (hold.isEmpty()) {
      holds.remove(Key.mine(lock));
    } else {
      holds.put(Key.mine(lock), hold);
    }
  }

  /** The number of holds. */
  public int size() {
    return holds.size();
  }

  @Override
  public void start() {}

  /** The leases go with the client; their threads have still to unlock. */
  @Override
  public void close() {}
}
