package io.zookit.testkit.internal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.node.NodeWatches;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The regular read of watched nodes, over a client library that forgets its watches when it reconnects. */
class NodeWatchesSimulationTest {

  private static final ZkPath NODE = LoneClient.ROOT.child("n");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration PERIOD = Duration.ofSeconds(100);

  private final LoneClient world = new LoneClient(1, Defect.WATCHES_FORGOTTEN).connect();
  private final List<String> told = new ArrayList<>();
  private NodeWatches watches;

  @BeforeEach
  void create() {
    world.foreign(NODE.value());
    world.time.run(SOON);
    watches = new NodeWatches(
        world.client.handle().orElseThrow(),
        world.client.timekeeper(),
        world.client.loop(),
        world.client.meters());
  }

  @Test
  void watch_forgottenByTheLibrary_changeIsFoundByTheNextRead() {
    watch();
    reconnect();
    operate(Op.setData(NODE.value(), new byte[] {1}, -1));
    assertThat(told).containsExactly("OK");
    world.time.run(PERIOD);
    assertThat(told).containsExactly("OK", "NodeDataChanged");
    requireNothingLeft(1);
  }

  @Test
  void watch_forgottenByTheLibrary_endIsFoundByTheNextRead() {
    watch();
    reconnect();
    operate(Op.delete(NODE.value(), -1));
    assertThat(told).containsExactly("OK");
    world.time.run(PERIOD);
    assertThat(told).containsExactly("OK", "NodeDeleted");
    requireNothingLeft(1);
  }

  @Test
  void watchChildren_forgottenByTheLibrary_childIsFoundByTheNextRead() {
    world.client.run(() -> watches.watchChildren(
        NODE, event -> told.add("" + event.getType()), read -> told.add("" + read.code())));
    world.time.run(SOON);
    reconnect();
    operate(Op.create(
        NODE.child("c").value(), new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    assertThat(told).containsExactly("OK");
    world.time.run(PERIOD);
    assertThat(told).containsExactly("OK", "NodeChildrenChanged");
    requireNothingLeft(1);
  }

  @Test
  void watch_readAgainWithoutAChange_goesOnAndHearsOfTheNext() {
    watch();
    reconnect(); // and with the next read the watch is set again
    world.time.run(PERIOD);
    assertThat(told).containsExactly("OK");
    operate(Op.setData(NODE.value(), new byte[] {1}, -1));
    assertThat(told).containsExactly("OK", "NodeDataChanged");
    requireNothingLeft(0);
  }

  @Test
  void watch_manyInterestsInOneNode_areReadOnceAPeriod() {
    for (int i = 0; i < 5; i++) {
      watch();
    }
    List<String> reads = new ArrayList<>();
    world.ensemble.loseRequests((from, request) -> {
      request.interests.stream()
          .filter(interest -> interest.watcher() != null)
          .forEach(interest -> reads.add(interest.path()));
      return false;
    });
    world.time.run(Duration.ofMinutes(10));
    assertThat(reads).containsOnly(NODE.value()).hasSizeBetween(6, 10);
  }

  private void watch() {
    world.client.run(() -> watches.watch(
        NODE, event -> told.add("" + event.getType()), read -> told.add("" + read.code())));
    world.time.run(SOON);
  }

  private void reconnect() {
    world.client.connection().orElseThrow().cut();
    world.time.run(SOON);
    assertThat(world.handle().isConnected()).isTrue();
  }

  private void operate(Op operation) {
    assertThat(world.ensemble.operate(List.of(operation))).isEqualTo(Code.OK);
    world.time.run(SOON);
  }

  private void requireNothingLeft(int missed) {
    assertThat(world.client.measured().counted("zookit.client.changes.missed")).isEqualTo(missed);
    assertThat(watches.size()).isZero();
    world.time.run(SOON);
    world.ensemble.servers().forEach(server -> assertThat(server.watchedPaths()).isEmpty());
    assertThat(world.failures).isEmpty();
  }
}
