package io.zookit.chaos.boundary;

import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Visitor that finds the lock taken, waits, and gets it from its predecessor. */
final class WaitingUser implements RecipeUser {

  private static final Duration QUEUED = Duration.ofMillis(300);

  private final ZkClient zk;
  private final ZkClient holder;

  private WaitingUser(ZkClient zk, ZkClient holder) {
    this.zk = zk;
    this.holder = holder;
  }

  static RecipeUser open(Door door) {
    return new WaitingUser(
        ClientUser.connect(door.name(), door.address(), door.root()),
        ClientUser.connect(door.name() + "-before", door.servers(), door.root()));
  }

  @Override
  public void use() throws Exception {
    CompletableFuture<Lease> asked;
    try (Lease held = lock(holder).acquire(Trial.PATIENCE)) {
      asked = lock(zk).acquireAsync(Trial.PATIENCE);
      Stopwatch.pause(QUEUED);
    }
    asked.get(Trial.LATEST.toMillis(), TimeUnit.MILLISECONDS).close();
  }

  private static DistributedLock lock(ZkClient client) {
    return DistributedLock.named(Recipe.NAME, client);
  }

  @Override
  public boolean isConnected() {
    return ClientUser.isConnected(zk);
  }

  @Override
  public void close() {
    zk.close();
    holder.close();
  }
}
