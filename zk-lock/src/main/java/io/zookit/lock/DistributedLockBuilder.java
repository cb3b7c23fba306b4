package io.zookit.lock;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.CoreClient;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a {@link DistributedLock}. */
public final class DistributedLockBuilder {

  private static final Duration LEAST_SUSPICION = Duration.ofMillis(10);

  private final String name;
  private final LockEngine engine;
  private LockObserver observer = new LockObserver() {};
  private @Nullable String party;
  private @Nullable Duration deadlockAfter;
  private boolean lookAhead;

  DistributedLockBuilder(String name, ZkClient client) {
    this.engine = LockEngine.in(CoreClient.of(client));
    this.name = name;
  }

  /** Who hears of this lock's transitions in this process. Default: nobody. */
  public DistributedLockBuilder observer(LockObserver observer) {
    this.observer = observer;
    return this;
  }

  /**
   * Looks for deadlocks over processes: after each such while of waiting the request follows who waits for whom, and the
   * youngest in a circle fails with {@link DeadlockException}. Default: never.
   *
   * @param party who asks: what it holds and what it waits for belong together; unique in its process
   * @param after how long a wait is suspicious, at least 10 ms
   */
  public DistributedLockBuilder detectDeadlocks(String party, Duration after) {
    if (after.compareTo(LEAST_SUSPICION) < 0) {
      throw new IllegalArgumentException(
          "after: " + after + " (expected: " + LEAST_SUSPICION + " or more)");
    }
    this.party = party;
    this.deadlockAfter = after;
    return this;
  }

  /**
   * Watches also the request before the one directly ahead, and looks at the queue when that one goes, while the one
   * ahead still holds: the own turn then needs no read, however many were ahead. Default: off.
   *
   * <p><i>Cost:</i> while two or more are ahead, 1 more watch and read, and 1 listing for each that leaves; of use for
   * locks that are held longer than a round trip and wanted by several.
   */
  public DistributedLockBuilder lookAhead() {
    this.lookAhead = true;
    return this;
  }

  /** Makes the lock; nothing is sent. */
  public DistributedLock build() {
    LockQueue queue = new LockQueue(engine.client(), name);
    LockObservers observers =
        new LockObservers(name, observer, engine.client().lane("observer of " + queue));
    LockOptions options = LockOptions.observedBy(observers);
    if (party != null && deadlockAfter != null) {
      options = options.withDeadlockSearch(party, deadlockAfter);
    }
    Claim claim = lookAhead ? Claim.lookingAhead(queue) : Claim.exclusive(queue);
    return QueueLock.of(engine, name, List.of(claim), options);
  }
}
