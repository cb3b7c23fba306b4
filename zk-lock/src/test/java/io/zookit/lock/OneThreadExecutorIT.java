package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A callback may call everything, also where the executor has one thread, which is the one of the callback. */
class OneThreadExecutorIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ExecutorService one = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    one.shutdownNow();
  }

  @Test
  void callback_waitsForWhatItAsked_getsIt() throws Exception {
    ZkClient client = world.keep(ZkClient.builder(zooKeeper.connectString())
        .root(world.root)
        .executor(one)
        .connect());
    LockInspector inspector = LockInspector.in(client).withPatience(Duration.ofSeconds(30));
    DistributedSemaphore semaphore = DistributedSemaphore.named("s", 3, client);
    DistributedLock other = DistributedLock.named("b", client);
    DistributedLock lock = DistributedLock.named("a", client);
    String path = world.root + "/n";
    Lease lease = lock.acquire(LockWorld.LONG);
    assertThat(inCallback(client, () -> {
          inspector.show("a");
          inspector.list();
          semaphore.changeMaximum(5).get(30, TimeUnit.SECONDS);
          lease.fenced().create(path, new byte[0]).commit().get(30, TimeUnit.SECONDS);
          Lease second = other.acquireAsync().get(30, TimeUnit.SECONDS);
          second.close();
          second.released().get(30, TimeUnit.SECONDS);
          return true;
        }))
        .isTrue();
    lease.close();
  }

  /** Calls something from a listener of the client. */
  private static <T> T inCallback(ZkClient client, Callable<T> call) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    client.onSession(view -> {
      try {
        result.complete(call.call());
      } catch (Exception e) {
        result.completeExceptionally(e);
      }
    });
    return result.get(90, TimeUnit.SECONDS);
  }
}
