package io.zookit.testkit.internal.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Owned nodes over schedules of lost requests and answers, broken connections, sessions that end on either side first,
 * foreign deletes and changed wishes. {@code -Dzookit.seed=N} runs one seed again.
 */
@Timeout(600)
class OwnedNodesSimulationTest {

  private static final int FEW = 150;
  private static final int MANY = Integer.getInteger("zookit.seeds", 3_000);
  private static final Duration SOON = Duration.ofSeconds(2);

  @Test
  void schedules_few_endWithWhatIsWantedAndNothingElse() {
    schedules(1, FEW);
  }

  @Test
  @Tag("full")
  void schedules_many_endWithWhatIsWantedAndNothingElse() {
    Long replayed = Long.getLong("zookit.seed");
    schedules(replayed == null ? FEW : replayed, replayed == null ? MANY : 1);
  }

  /** The controls: schedules find these errors of the simulated ZooKeeper. */
  @ParameterizedTest
  @EnumSource(names = {"OWN_NODES_UNKNOWN", "LOST_DELETES_CONFIRMED", "SESSIONS_SWAPPED_SILENTLY"})
  void schedules_withDefect_areCaught(Defect defect) {
    assertThatThrownBy(() -> schedules(1, FEW, defect)).isInstanceOf(AssertionError.class);
  }

  private static void schedules(long first, int count, Defect... defects) {
    int created = 0;
    for (long seed = first; seed < first + count; seed++) {
      LoneClient world = new LoneClient(seed, defects);
      List<Wish> wishes = run(world, "seed " + seed);
      world.curator.rejoin();
      world.ensemble.loseAtRandom(0, 0);
      world.settle();
      assertThat(world.failures).as("seed " + seed).isEmpty();
      for (Wish wish : wishes) {
        wish.requireMet();
        created += wish.created;
      }
      assertThat(world.client.debt().size()).as("seed " + seed).isZero();
      long open = wishes.stream().filter(wish -> wish.isWanted()).count();
      assertThat(world.nodes()).as("seed " + seed).hasSize((int) open);
      if (open == 0) {
        assertThat(world.client.budget().used()).as("seed " + seed).isZero();
      }
    }
    assertThat(created).isGreaterThan(count); // the faults do not keep everything from happening
  }

  @Test
  void own_nameHeldByAnotherClient_waitsBetweenItsTries() {
    LoneClient world = new LoneClient(1).connect();
    world.foreign("/r/taken");
    int[] arrived = {0};
    world.ensemble.loseRequests((from, request) -> {
      arrived[0] += request.operations().isEmpty() ? 0 : 1;
      return false;
    });
    OwnedNode node = own(world, "taken");
    world.time.run(SOON);
    assertThat(arrived[0]).isPositive().isLessThan(20);
    assertThat(world.node("/r/taken").session()).isZero();
    world.ensemble.remove("/r/taken");
    world.settle();
    assertThat(node.ownedPath()).isEqualTo(ZkPath.absolute("/r/taken"));
  }

  @Test
  void own_afterTheEndOfTheClient_createsNothing() {
    LoneClient world = new LoneClient(1).connect();
    world.client.run(() -> world.client.ownedNodes().close());
    OwnedNode node = own(world, "late");
    world.settle();
    assertThat(world.nodes()).isEmpty();
    assertThat(node.ownedPath()).isNull();
  }

  @Test
  void own_budgetUsedUp_isCreatedWhenThereIsRoom() {
    LoneClient world = new LoneClient(1).connect();
    List<EphemeralBudget.Reservation> all = new ArrayList<>();
    ZkPath big = ZkPath.absolute("/" + "x".repeat(100));
    while (world.client.budget().used() < 768 * 1024 - 104) {
      all.add(world.client.budget().reserve(big));
    }
    OwnedNode node = own(world, "y".repeat(110));
    world.settle();
    assertThat(node.ownedPath()).isNull();
    all.forEach(EphemeralBudget.Reservation::close);
    world.settle();
    assertThat(node.ownedPath()).isNotNull();
  }

  @Test
  void own_oneAfterTheOther_isNoMulti() {
    LoneClient world = new LoneClient(1).connect();
    int[] multis = countMultis(world);
    for (int i = 0; i < 3; i++) {
      own(world, "n" + i);
      world.time.run(SOON);
    }
    assertThat(world.nodes()).hasSize(3);
    assertThat(multis[0]).isZero();
  }

  @Test
  void own_manyAtOnce_shareRequests() {
    LoneClient world = new LoneClient(1).connect();
    int[] multis = countMultis(world);
    List<OwnedNode> nodes = ownMany(world, 1_000);
    world.time.run(SOON);
    assertThat(nodes).allMatch(node -> node.ownedPath() != null);
    assertThat(world.nodes()).hasSize(1_000);
    assertThat(multis[0]).isEqualTo(10);
  }

  private static int[] countMultis(LoneClient world) {
    int[] multis = {0};
    world.ensemble.loseRequests((from, request) -> {
      multis[0] += request.operations().size() > 1 ? 1 : 0;
      return false;
    });
    return multis;
  }

  @Test
  void own_manyWithOneThatCannotBe_theOthersAreCreated() {
    LoneClient world = new LoneClient(1).connect();
    world.foreign("/r/n50");
    List<OwnedNode> nodes = ownMany(world, 150);
    world.time.run(SOON);
    assertThat(nodes).filteredOn(node -> node.ownedPath() == null).hasSize(1);
    assertThat(world.nodes()).hasSize(150);
    assertThat(world.node("/r/n50").session()).isZero();
    world.ensemble.remove("/r/n50");
    world.settle();
    assertThat(nodes).allMatch(node -> node.ownedPath() != null);
  }

  @Test
  void own_manyAndTheAnswerIsLost_eachExistsOnce() {
    for (int answered = 0; answered < 4; answered++) {
      LoneClient world = new LoneClient(1).connect();
      int[] writes = {0};
      int lost = answered;
      world.ensemble.loseAnswers(
          (from, request) -> !request.operations().isEmpty() && writes[0]++ == lost);
      List<OwnedNode> nodes = ownMany(world, 250);
      world.settle();
      assertThat(writes[0]).as("answered " + answered).isGreaterThan(lost);
      assertThat(nodes).as("answered " + answered).allMatch(node -> node.ownedPath() != null);
      assertThat(world.nodes()).as("answered " + answered).hasSize(250);
    }
  }

  @Test
  void own_manyAndTheSessionEnds_eachIsCreatedInTheNextOne() {
    LoneClient world = new LoneClient(1).connect();
    List<OwnedNode> nodes = ownMany(world, 250);
    while (world.nodes().size() < 100) {
      world.time.step();
    }
    long first = world.handle().sessionId();
    world.ensemble.end(first);
    world.settle();
    assertThat(nodes).allMatch(node -> node.ownedPath() != null);
    assertThat(world.nodes()).hasSize(250).noneMatch(path -> world.node(path).session() == first);
    assertThat(world.client.budget().used()).isPositive();
  }

  @Test
  void close_whileOthersWaitWithIt_leavesNoNode() {
    LoneClient world = new LoneClient(1).connect();
    List<OwnedNode> nodes = ownMany(world, 250);
    world.client.run(() -> nodes.subList(100, 150).forEach(OwnedNode::close)); // they wait
    while (world.nodes().isEmpty()) {
      world.time.step();
    }
    world.client.run(() -> nodes.subList(50, 100).forEach(OwnedNode::close)); // under way
    world.settle();
    assertThat(world.nodes()).hasSize(150);
    nodes.forEach(node -> world.client.run(node::close));
    world.settle();
    assertThat(world.nodes()).isEmpty();
    assertThat(world.client.budget().used()).isZero();
  }

  @Test
  void own_manyAndAListenerFails_theOthersAreTold() {
    LoneClient world = new LoneClient(1).connect();
    List<OwnedNode> nodes = ownMany(world, 10);
    List<ZkPath> told = new ArrayList<>();
    world.client.run(() -> {
      own(world, "failing", path -> {
        throw new IllegalStateException("a listener that fails");
      });
      own(world, "last", told::add);
    });
    world.settle();
    assertThat(told).containsExactly(ZkPath.absolute("/r/last"));
    assertThat(nodes).allMatch(node -> node.ownedPath() != null);
    own(world, "later");
    world.settle();
    assertThat(world.nodes()).contains("/r/later");
  }

  private static List<OwnedNode> ownMany(LoneClient world, int count) {
    List<OwnedNode> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(own(world, "n" + i));
    }
    return nodes;
  }

  private static OwnedNode own(LoneClient world, String name) {
    List<OwnedNode> owned = new ArrayList<>();
    world.client.run(() -> owned.add(own(world, name, path -> {})));
    return owned.get(0);
  }

  private static OwnedNode own(LoneClient world, String name, Consumer<ZkPath> listener) {
    OwnedNode.Listener told = new OwnedNode.Listener() {
      @Override
      public void onOwned(ZkPath path, Stat stat) {
        listener.accept(path);
      }

      @Override
      public void onMissing(String reason) {}
    };
    return world
        .client
        .ownedNodes()
        .own(
            Folders.root(world.client),
            incarnation -> LoneClient.ROOT.child(name),
            new byte[0],
            told);
  }

  private static List<Wish> run(LoneClient world, String which) {
    Random chance = world.time.random();
    List<Wish> wishes = new ArrayList<>();
    world.ensemble.loseAtRandom(chance.nextDouble() / 10, chance.nextDouble() / 10);
    for (int i = 0; i < 40; i++) {
      switch (chance.nextInt(12)) {
        case 0, 1, 2 -> {
          if (wishes.size() < 8) {
            wishes.add(new Wish(world, "n" + wishes.size(), which));
          }
        }
        case 3, 4 -> any(wishes, chance, wish -> wish.update(chance.nextInt(3)));
        case 5 -> any(wishes, chance, wish -> wish.end(chance.nextInt(3) == 0));
        case 6 -> { // an operator
          List<String> paths = world.nodes();
          if (!paths.isEmpty()) {
            world.ensemble.remove(paths.get(chance.nextInt(paths.size())));
          }
        }
        case 7 -> world.client.connection().ifPresent(SimulatedConnection::cut);
        case 8 -> world.curator.isolate();
        case 9 -> world.curator.rejoin();
        case 10 -> world.curator.session().ifPresent(session -> end(world, session, chance));
        default -> world.curator.process().freeze(chance.nextInt(9) * VirtualTime.SECOND);
      }
      // Mostly so short that messages are under way at the next step.
      int most = chance.nextInt(4) == 0 ? 3_000 : 6;
      for (int j = 1 + chance.nextInt(3); j > 0; j--) {
        world.time.run(Duration.ofMillis(chance.nextInt(most)));
        wishes.forEach(Wish::requireAtMostOne);
      }
    }
    return wishes;
  }

  private static void end(LoneClient world, SimulatedSession session, Random chance) {
    if (chance.nextBoolean()) {
      world.ensemble.end(session.id());
    } else {
      world.curator.expire(session);
    }
  }

  private static void any(List<Wish> wishes, Random chance, Consumer<Wish> change) {
    if (!wishes.isEmpty()) {
      change.accept(wishes.get(chance.nextInt(wishes.size())));
    }
  }

  /** One owned node, what was last asked of it, and the events it reported. */
  private static final class Wish implements OwnedNode.Listener {
    private final LoneClient world;
    private final String name;
    private final String which;
    private final OwnedNode node;
    private byte[] wanted = data(0);
    private boolean closed;
    private boolean retired;
    private boolean exists;
    private boolean missingTold;
    private int created;

    Wish(LoneClient world, String name, String which) {
      this.world = world;
      this.name = name;
      this.which = which + " " + name;
      List<OwnedNode> owned = new ArrayList<>();
      world.client.run(() -> owned.add(world
          .client
          .ownedNodes()
          .own(
              Folders.root(world.client),
              nonce -> LoneClient.ROOT.child(name + "-" + Long.toHexString(nonce)),
              wanted,
              this)));
      node = owned.get(0);
    }

    void update(int number) {
      if (!retired) {
        wanted = data(number);
        world.client.run(() -> node.update(wanted));
      }
    }

    void end(boolean byRetiring) {
      if (closed || retired) {
        return;
      }
      if (byRetiring) {
        retired = true;
        wanted = data(9);
        world.client.run(() -> node.retire(wanted));
      } else {
        closed = true;
        world.client.run(() -> node.close());
      }
    }

    @Override
    public void onOwned(ZkPath path, Stat stat) {
      assertThat(exists).as(which).isFalse();
      assertThat(closed).as(which).isFalse();
      assertThat(world.handle().owns(stat)).as(which).isTrue();
      exists = true;
      created++;
    }

    @Override
    public void onMissing(String reason) {
      assertThat(exists || retired).as(which).isTrue();
      exists = false;
      missingTold = true;
    }

    @Override
    public void onWritten() {
      assertThat(exists).as(which).isTrue();
    }

    /** A retired node is wanted until it was missing once. */
    boolean isWanted() {
      return !closed && !(retired && missingTold && !exists);
    }

    private List<SimulatedNode> nodes() {
      return world.nodes().stream()
          .filter(path -> path.startsWith("/r/" + name + "-"))
          .map(world::node)
          .toList();
    }

    void requireAtMostOne() {
      assertThat(nodes().stream()
              .collect(Collectors.groupingBy(SimulatedNode::session, Collectors.counting()))
              .values())
          .as(which)
          .allMatch(count -> count == 1);
    }

    void requireMet() {
      List<SimulatedNode> nodes = nodes();
      if (!isWanted()) {
        assertThat(nodes).as(which).isEmpty();
        return;
      }
      assertThat(nodes).as(which).hasSize(1);
      assertThat(nodes.get(0).session()).as(which).isEqualTo(world.handle().sessionId());
      assertThat(Arrays.equals(nodes.get(0).data(), wanted)).as(which).isTrue();
      assertThat(node.ownedPath()).as(which).isNotNull();
      assertThat(exists).as(which).isTrue();
    }

    private static byte[] data(int number) {
      return ("data " + number).getBytes(StandardCharsets.UTF_8);
    }
  }
}
