package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.Fault;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A bucket with more nodes than can be listed with certainty. */
@Tag("full")
class TooLongIT extends RegistryCase {

  /** The most nodes of a bucket that consumers list. */
  private static final int MOST_NAMES = 7_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  TooLongIT() {
    super(zooKeeper);
  }

  @Test
  void node_thatCameAndWentInATooLongBucket_isNotReadForEver() throws Exception {
    Party provider = join();
    makeFolders(provider);
    String bucket = root + "/services/" + SERVICE + "/~b00";
    fill(provider.zooKeeper(), bucket);
    ManualTimekeeper time = new ManualTimekeeper();
    Party consumer = kept(new Party(server, root, Duration.ZERO, time));
    Fault first = consumer.proxy.cutBefore(Op.GET_CHILDREN2, 1);
    Fault second = consumer.proxy.cutBefore(Op.GET_CHILDREN2, 1);
    consumer.registry.discover(SERVICE).awaitReady(PATIENCE);
    assertThat(first.landed() && second.landed()).isTrue();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(consumer.recorded.count("failed " + SERVICE + " ~b00 holds more than"))
                .isOne());
    consumer.proxy.resetCounters();
    String node = bucket + "/i1@000000000000000a";
    provider
        .zooKeeper()
        .multi(List.of(
            org.apache.zookeeper.Op.create(
                node, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
            org.apache.zookeeper.Op.delete(node, -1)));
    consumer.settle();
    windows(consumer, time, 5);
    await().atMost(PATIENCE).until(() -> consumer.proxy.requests(Op.MULTI_READ) > 0);
    windows(consumer, time, 5);
    consumer.proxy.resetCounters();
    windows(consumer, time, 5);
    assertThat(consumer.proxy.requests(Op.MULTI_READ)).isZero();
  }

  /** Lets {@code count} collection windows elapse, each followed by the read of what was collected. */
  private static void windows(Party consumer, ManualTimekeeper time, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      time.advance(Duration.ofMillis(60));
      for (int trip = 0; trip < 4; trip++) {
        consumer.zooKeeper().exists("/", false);
      }
    }
  }

  private static void fill(ZooKeeper client, String bucket) throws Exception {
    for (int from = 0; from <= MOST_NAMES; from += 1000) {
      List<org.apache.zookeeper.Op> some = new ArrayList<>();
      for (int i = from; i < from + 1000; i++) {
        some.add(org.apache.zookeeper.Op.create(
            bucket + "/x" + i, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
      }
      client.multi(some);
    }
  }
}
