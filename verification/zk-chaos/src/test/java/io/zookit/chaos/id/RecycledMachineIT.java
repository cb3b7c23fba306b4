package io.zookit.chaos.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The control fails for the reason that it stands for, and for no other. */
@Tag("nightly")
class RecycledMachineIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ManualTimekeeper clock = new ManualTimekeeper();
  private final List<RecycledMachine> machines = new ArrayList<>();
  private final Set<Long> ids = new HashSet<>();
  private long repeated;
  private CuratorFramework curator;

  @BeforeEach
  void start() throws Exception {
    curator = CuratorFrameworkFactory.builder()
        .connectString(zooKeeper.connectString())
        .namespace("recycled" + System.nanoTime())
        .retryPolicy(new RetryForever(100))
        .build();
    curator.start();
    for (int i = 0; i < 4; i++) {
      machines.add(new RecycledMachine(curator, clock));
      take(i);
    }
  }

  @AfterEach
  void close() {
    curator.close();
  }

  private void take(int machine) throws Exception {
    for (long id : machines.get(machine).next(10)) {
      repeated += ids.add(id) ? 0 : 1;
    }
  }

  private void renew(int from) throws Exception {
    for (int step = 0; step < 4; step++) {
      clock.advance(Duration.ofMillis(350));
      for (int i = from; i < machines.size(); i++) {
        take(i);
      }
    }
  }

  @Test
  void next_ownerWasStopped_repeatsIds() throws Exception {
    renew(1); // the first one stands still
    machines.get(1).restart();
    take(1);

    take(0);

    assertThat(repeated).isPositive();
  }

  @Test
  void next_nobodyWasStopped_repeatsNothing() throws Exception {
    for (int i = 0; i < 4; i++) {
      renew(0);
      machines.get(i).restart();
      take(i);
      take(i);
    }
    assertThat(repeated).isZero();
  }
}
