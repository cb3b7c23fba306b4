package io.zookit.lock;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.CoreClient;

/** The options of a {@link DistributedLock}. */
public final class DistributedLockBuilder {

  private final String name;
  private final LockEngine engine;
  private LockObserver observer = new LockObserver() {};

  DistributedLockBuilder(String name, ZkClient client) {
    this.engine = LockEngine.in(CoreClient.of(client));
    this.name = name;
  }

  /** Who hears of this lock's transitions in this process. Default: nobody. */
  public DistributedLockBuilder observer(LockObserver observer) {
    this.observer = observer;
    return this;
  }

  /** Makes the lock; nothing is sent. */
  public DistributedLock build() {
    return new QueueLock(engine, new LockQueue(engine.client(), name), observer);
  }
}
