package io.zookit.lock.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.lock.Lease;
import io.zookit.lock.internal.blocking.QueueLock;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.request.LockOptions;
import io.zookit.lock.internal.rule.Claim;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;

/** Successions inside a session while the ensemble refuses to delete a node, in virtual time. */
class LocalSuccessionTest {

  private final VirtualTime time = new VirtualTime(7);
  private final SimulatedEnsemble ensemble = new SimulatedEnsemble(time);
  private final SimulatedCurator curator =
      new SimulatedCurator(new VirtualProcess(time), ensemble, 10 * VirtualTime.SECOND);
  private final List<Throwable> failures = new ArrayList<>();
  private final SimulatedClient client =
      new SimulatedClient("p", new ZkPath("/zk"), curator, failures::add);
  private final QueueLock lock = lock();
  private boolean isRefusing;

  private QueueLock lock() {
    LockEngine engine = LockEngine.in(client);
    return QueueLock.of(
        engine,
        "a",
        List.of(Claim.exclusive(new LockQueue(client, "a"))),
        LockOptions.plain(engine, "a"));
  }

  @Test
  void release_ofANodeThatCannotBeDeleted_nothingFollowsBehindIt() {
    curator.connect();
    time.run(Duration.ofSeconds(1));
    CompletableFuture<Lease> first = lock.acquireAsync();
    time.run(Duration.ofSeconds(1));
    String stuck = ensemble.tree().where(node -> true).stream()
        .filter(path -> path.contains("/~q/"))
        .findFirst()
        .orElseThrow();
    CompletableFuture<Lease> second = lock.acquireAsync();
    time.run(Duration.ofSeconds(1));
    CompletableFuture<Lease> third = lock.acquireAsync();
    time.run(Duration.ofSeconds(1));
    CompletableFuture<Lease> fourth = lock.acquireAsync();
    time.run(Duration.ofSeconds(1));
    refuseToDelete(stuck);
    second.thenAccept(Lease::close); // its delete is on its way before that of the first is refused

    first.join().close();
    time.run(Duration.ofSeconds(1));
    assertThat(third).as("granted before the refusal was known").isCompleted();
    third.join().close();
    time.run(Duration.ofSeconds(1));
    assertThat(fourth).as("behind a node that still exists").isNotDone();

    isRefusing = false;
    time.run(Duration.ofMinutes(2));
    assertThat(fourth).isCompleted();
    assertThat(failures).isEmpty();
  }

  @Test
  void release_ofANodeThatAnOperatorHasRemoved_checksThatTheSuccessorsNodeExists() {
    curator.connect();
    time.run(Duration.ofSeconds(1));
    CompletableFuture<Lease> first = lock.acquireAsync();
    time.run(Duration.ofMillis(100));
    CompletableFuture<Lease> second = lock.acquireAsync();
    time.run(Duration.ofMillis(100));
    List.copyOf(ensemble.tree().where(node -> true)).stream()
        .filter(path -> path.contains("/~q/"))
        .forEach(ensemble::remove);

    first.join().close(); // both were removed in their first second, in which they are not watched
    time.run(Duration.ofMillis(100));
    assertThat(second).isCompleted();
    assertThat(second.join().isValid()).isFalse();
    assertThat(failures).isEmpty();
  }

  private void refuseToDelete(String path) {
    isRefusing = true;
    ensemble.refuse((operation, session) -> isRefusing
            && operation.getType() == ZooDefs.OpCode.delete
            && Objects.equals(operation.getPath(), path)
        ? Code.NOAUTH
        : Code.OK);
  }
}
