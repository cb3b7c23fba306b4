package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.testkit.SimulatedZooKeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A lock in a user's test: two clients on a simulated ZooKeeper, and the session of the first one ends. */
class SimulatedFailoverTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  /** The history of a failover, with the virtual time of each event. */
  private static List<String> failover(long seed) {
    List<String> history = new ArrayList<>();
    try (SimulatedZooKeeper zk = SimulatedZooKeeper.seeded(seed)) {
      ZkClient first = zk.client("first");
      ZkClient second = zk.client("second");
      Lease lease = zk.await(DistributedLock.named("orders", first).acquireAsync(), LONG);
      history.add(zk.elapsed() + " first has " + lease.token());

      CompletableFuture<Lease> next = DistributedLock.named("orders", second).acquireAsync();
      zk.run(Duration.ofSeconds(30));
      assertThat(next).isNotDone();
      assertThat(lease.isValid()).isTrue();

      zk.expireSession(first);
      Lease later = zk.await(next, LONG);
      history.add(zk.elapsed() + " second has " + later.token());
      assertThat(later.token().isAfter(lease.token())).isTrue();
      assertThat(later.isValid()).isTrue();
      assertThat(zk.runUntil(() -> lease.state() == LeaseState.LOST, LONG)).isTrue();
      assertThat(lease.isValid()).isFalse();
      history.add(zk.elapsed() + " first is " + lease.state());

      later.close();
      zk.await(later.released(), LONG);
      history.add(zk.elapsed() + " second is " + later.state());
    }
    return history;
  }

  @Test
  void holderExpires_theWaiterFollowsWithAGreaterToken() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(failover(seed)).as("seed %d", seed).hasSize(4);
    }
  }

  @Test
  void sameSeed_twice_isTheSameHistory() {
    assertThat(failover(5)).isEqualTo(failover(5)).isNotEqualTo(failover(6));
  }
}
