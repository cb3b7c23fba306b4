package io.zookit.chaos;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Visitor that finds the lock taken, waits, and gets it from its predecessor. */
final class WaitingVisitor implements Visitor {

  private static final Duration QUEUED = Duration.ofMillis(300);

  private final ZkClient zk;
  private final ZkClient holder;

  private WaitingVisitor(ZkClient zk, ZkClient holder) {
    this.zk = zk;
    this.holder = holder;
  }

  static Visitor open(Door door) {
    return new WaitingVisitor(
        ClientVisitor.connect(door.name(), door.address(), door.root()),
        ClientVisitor.connect(door.name() + "-before", door.servers(), door.root()));
  }

  @Override
  public void use() throws Exception {
    CompletableFuture<Lease> asked;
    try (Lease held = lock(holder).acquire(BoundaryTrial.PATIENCE)) {
      asked = lock(zk).acquireAsync(BoundaryTrial.PATIENCE);
      Stopwatch.pause(QUEUED);
    }
    asked.get(BoundaryTrial.LATEST.toMillis(), TimeUnit.MILLISECONDS).close();
  }

  private static DistributedLock lock(ZkClient client) {
    return DistributedLock.named(Recipe.NAME, client);
  }

  @Override
  public boolean isConnected() {
    return ClientVisitor.isConnected(zk);
  }

  @Override
  public void close() {
    zk.close();
    holder.close();
  }
}
