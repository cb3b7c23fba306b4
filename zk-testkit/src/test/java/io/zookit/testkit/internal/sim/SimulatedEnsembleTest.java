package io.zookit.testkit.internal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Test;

/** Faults of the simulated ZooKeeper that a single real server does not show. */
class SimulatedEnsembleTest {

  private static final ZkPath NODE = ZkPath.absolute("/r/x");
  private static final Duration SOON = Duration.ofSeconds(1);

  private final LoneClient world = new LoneClient(7).connect();

  @Test
  void restore_bringsBackWhatWasDeletedAndForgetsWhatCameLater() {
    world.foreign("/r/before");
    create(NODE, CreateMode.EPHEMERAL);
    SimulatedEnsemble.Snapshot snapshot = world.ensemble.snapshot();
    world.foreign("/r/after");
    world.ensemble.remove(NODE.value());
    world.time.run(SOON);
    world.ensemble.restore(snapshot);
    world.ensemble.start();
    assertThat(world.nodes()).containsExactly("/r/before", NODE.value());
    world.foreign("/r/next");
    assertThat(world.node("/r/next").stat().getCzxid())
        .as("a new epoch")
        .isGreaterThan(world.node("/r/before").stat().getCzxid() + (1L << 31));
    world.time.run(SOON);
    assertThat(world.ensemble.servers())
        .allMatch(server -> server.tree().find("/r/next") != null)
        .allMatch(server -> server.tree().find("/r/after") == null);
  }

  @Test
  void restore_sessionThatEndedSince_isAliveAgain() {
    long session = world.handle().sessionId();
    create(NODE, CreateMode.EPHEMERAL);
    SimulatedEnsemble.Snapshot snapshot = world.ensemble.snapshot();
    world.curator.kill();
    world.ensemble.end(session);
    assertThat(world.nodes()).isEmpty();
    world.ensemble.restore(snapshot);
    world.ensemble.start();
    assertThat(world.ensemble.isAlive(session)).isTrue();
    assertThat(world.nodes()).containsExactly(NODE.value());
    world.settle();
    assertThat(world.ensemble.isAlive(session)).as("nothing comes from it").isFalse();
    assertThat(world.nodes()).isEmpty();
  }

  @Test
  void end_ofASession_isKnownToTheServersFirst() {
    create(NODE, CreateMode.EPHEMERAL);
    SimulatedHandle handle = world.handle();
    world.ensemble.end(handle.sessionId());
    assertThat(world.nodes()).isEmpty();
    assertThat(handle.isSafe()).as("the client does not know yet").isTrue();
    world.time.run(Duration.ofSeconds(5));
    assertThat(handle.isOver()).isTrue();
    assertThat(world.handle().sessionId()).isNotEqualTo(handle.sessionId());
  }

  @Test
  void lag_ofAServer_letsItAnswerWithOldDataUntilASync() {
    world.ensemble.servers().forEach(SimulatedServer::lag);
    world.foreign(NODE.value());
    List<Boolean> found = new ArrayList<>();
    world.client.run(() -> world.handle().exists(NODE, null, answer -> found.add(answer.isOk())));
    world.time.run(SOON);
    assertThat(found).containsExactly(false);
    world.client.run(() -> {
      world.handle().sync(NODE, synced -> {});
      world.handle().exists(NODE, null, answer -> found.add(answer.isOk()));
    });
    world.time.run(SOON);
    assertThat(found).as("the sync waits").hasSize(1);
    world.ensemble.servers().forEach(SimulatedServer::rejoin);
    world.time.run(SOON);
    assertThat(found).containsExactly(false, true);
  }

  @Test
  void freeze_longerThanTheTimeout_endsTheSession() {
    SimulatedHandle handle = world.handle();
    create(NODE, CreateMode.EPHEMERAL);
    world.curator.process().freeze(20 * VirtualTime.SECOND);
    world.time.run(Duration.ofSeconds(15));
    assertThat(world.ensemble.isAlive(handle.sessionId())).isFalse();
    assertThat(world.nodes()).isEmpty();
    assertThat(handle.isOver()).as("the process runs nothing").isFalse();
    assertThat(handle.isSafe()).as("the clock goes on").isFalse();
    world.time.run(Duration.ofSeconds(10));
    assertThat(handle.isOver()).isTrue();
  }

  @Test
  void removeWatch_ofOneOfTwoClientsOverOneLibrary_leavesTheWatchOfTheOther() {
    SimulatedClient other =
        new SimulatedClient("other", LoneClient.ROOT, world.curator, world.failures::add);
    world.curator.expire(world.curator.session().orElseThrow()); // both share the next session
    world.time.run(SOON);
    SimulatedHandle second = other.simulatedHandle().orElseThrow();
    assertThat(second.sessionId()).isEqualTo(world.handle().sessionId());
    List<EventType> events = new ArrayList<>();
    List<EventType> removed = new ArrayList<>();
    Watcher watcher = event -> removed.add(event.getType());
    world.client.run(
        () -> world.handle().exists(NODE, event -> events.add(event.getType()), answer -> {}));
    other.run(() -> second.exists(NODE, watcher, answer -> {}));
    world.time.run(SOON);
    other.run(() -> second.removeWatch(NODE, Watcher.WatcherType.Data, watcher, answer -> {}));
    world.time.run(SOON);
    assertThat(events).isEmpty();
    world.foreign(NODE.value());
    world.time.run(SOON);
    assertThat(events).containsExactly(EventType.NodeCreated);
    assertThat(removed).containsExactly(EventType.DataWatchRemoved);
  }

  @Test
  void seed_sameTwice_givesTheSameRun() {
    assertThat(story(3)).isEqualTo(story(3)).isNotEqualTo(story(4));
  }

  private static List<String> story(long seed) {
    LoneClient client = new LoneClient(seed);
    List<String> story = new ArrayList<>();
    client.ensemble.record((changes, zxid, session) -> story.add(
        client.time.nanos() + " " + zxid + " " + session + " " + changes.get(0).path()));
    client.ensemble.loseAtRandom(0.05, 0.05);
    for (int i = 0; i < 20; i++) {
      String name = "n" + i;
      client.client.run(() -> client
          .client
          .simulatedHandle()
          .ifPresent(handle -> handle.create(
              LoneClient.ROOT.child(name),
              new byte[0],
              Ids.OPEN_ACL_UNSAFE,
              CreateMode.EPHEMERAL,
              answer -> story.add(name + " " + answer.code()))));
      client.time.run(Duration.ofMillis(300));
    }
    return story;
  }

  private void create(ZkPath path, CreateMode mode) {
    world.client.run(
        () -> world.handle().create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, mode, answer -> {}));
    world.time.run(SOON);
    assertThat(world.nodes()).contains(path.value());
  }
}
