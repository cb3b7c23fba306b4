package io.zookit.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.session.SimulatedEnsemble;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Owned nodes over thousands of schedules of lost answers, ended sessions and changed wishes. */
@Timeout(300)
class OwnedNodesTest {

  private static final int SCHEDULES = 3000;

  @Test
  void schedules_anyFaults_endWithWhatIsWantedAndNothingElse() {
    int made = 0;
    for (long seed = 1; seed <= SCHEDULES; seed++) {
      SimulatedEnsemble ensemble = new SimulatedEnsemble(seed);
      List<Wish> wishes = run(ensemble, "seed " + seed);
      ensemble.settle();
      for (Wish wish : wishes) {
        wish.requireMet();
        made += wish.madeOften;
      }
      assertThat(ensemble.debt.size()).as("seed " + seed).isZero();
      long open = wishes.stream().filter(wish -> wish.isWanted()).count();
      assertThat(ensemble.tree).as("seed " + seed).hasSize((int) open);
      if (open == 0) {
        assertThat(ensemble.budget.used()).as("seed " + seed).isZero();
      }
    }
    assertThat(made).isGreaterThan(SCHEDULES); // the faults do not keep everything from happening
  }

  @Test
  void own_nameHeldBySomebodyElse_waitsBetweenItsTries() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    SimulatedEnsemble.Node theirs = new SimulatedEnsemble.Node(999, new byte[0]);
    ensemble.tree.put("/r/taken", theirs);
    OwnedNode node = own(ensemble, "taken");
    ensemble.connect();
    int requests = 0;
    while (ensemble.session().serveOne()) {
      requests++;
      assertThat(ensemble.session().answerOne()).isTrue();
      assertThat(requests).as("requests without a pause").isLessThan(10);
    }
    assertThat(ensemble.tree).containsExactly(Map.entry("/r/taken", theirs));
    ensemble.tree.clear();
    ensemble.settle();
    assertThat(node.ownedPath()).isEqualTo(ZkPath.absolute("/r/taken"));
  }

  @Test
  void own_afterTheEndOfTheClient_makesNothing() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    ensemble.connect();
    OwnedNodes.in(ensemble.client).close();
    OwnedNode node = own(ensemble, "late");
    ensemble.settle();
    assertThat(ensemble.tree).isEmpty();
    assertThat(node.ownedPath()).isNull();
  }

  @Test
  void own_budgetUsedUp_isMadeWhenThereIsRoom() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    ensemble.connect();
    List<EphemeralBudget.Reservation> all = new ArrayList<>();
    ZkPath big = ZkPath.absolute("/" + "x".repeat(100));
    while (ensemble.budget.used() < 768 * 1024 - 104) {
      all.add(ensemble.budget.reserve(big));
    }
    OwnedNode node = own(ensemble, "y".repeat(110));
    ensemble.settle();
    assertThat(node.ownedPath()).isNull();
    all.forEach(EphemeralBudget.Reservation::close);
    ensemble.settle();
    assertThat(node.ownedPath()).isNotNull();
  }

  @Test
  void own_oneAfterTheOther_isNoMulti() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    ensemble.connect();
    for (int i = 0; i < 3; i++) {
      own(ensemble, "n" + i);
      ensemble.settle();
    }
    assertThat(ensemble.tree).hasSize(3);
    assertThat(ensemble.session().multis()).isZero();
  }

  @Test
  void own_manyAtOnce_shareRequests() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    List<OwnedNode> nodes = ownMany(ensemble, 1_000);
    ensemble.settle();
    assertThat(nodes).allMatch(node -> node.ownedPath() != null);
    assertThat(ensemble.tree).hasSize(1_000);
    assertThat(ensemble.session().multis()).isEqualTo(10);
  }

  @Test
  void own_manyWithOneThatCannotBe_theOthersAreMade() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    SimulatedEnsemble.Node theirs = new SimulatedEnsemble.Node(999, new byte[0]);
    ensemble.tree.put("/r/n50", theirs);
    List<OwnedNode> nodes = ownMany(ensemble, 150);
    while (ensemble.session().serveOne()) {
      assertThat(ensemble.session().answerOne()).isTrue();
    }
    assertThat(nodes).filteredOn(node -> node.ownedPath() == null).hasSize(1);
    assertThat(ensemble.tree).hasSize(150).containsEntry("/r/n50", theirs);
    ensemble.tree.remove("/r/n50");
    ensemble.settle();
    assertThat(nodes).allMatch(node -> node.ownedPath() != null);
  }

  @Test
  void own_manyAndTheAnswerIsLost_eachIsThereOnce() {
    for (int served = 0; served < 4; served++) {
      SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
      List<OwnedNode> nodes = ownMany(ensemble, 250);
      ensemble.session().serveOne();
      ensemble.session().answerOne(); // the first, alone; the others follow in three multis
      for (int i = 0; i < served; i++) {
        assertThat(ensemble.session().serveOne()).isTrue();
      }
      ensemble.session().lose(ensemble.chance);
      ensemble.settle();
      assertThat(nodes).as("served " + served).allMatch(node -> node.ownedPath() != null);
      assertThat(ensemble.tree).as("served " + served).hasSize(250);
    }
  }

  @Test
  void own_manyAndTheSessionEnds_eachIsMadeInTheNextOne() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    List<OwnedNode> nodes = ownMany(ensemble, 250);
    ensemble.session().serveOne();
    ensemble.session().answerOne();
    ensemble.session().serveOne();
    long first = ensemble.session().id();
    ensemble.expire();
    ensemble.settle();
    assertThat(nodes).allMatch(node -> node.ownedPath() != null);
    assertThat(ensemble.tree.values()).hasSize(250).noneMatch(node -> node.owner() == first);
    assertThat(ensemble.budget.used()).isPositive();
  }

  @Test
  void close_whileOthersWaitWithIt_leavesNoNode() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    List<OwnedNode> nodes = ownMany(ensemble, 250);
    ensemble.loop.execute(() -> nodes.subList(100, 150).forEach(OwnedNode::close)); // they wait
    ensemble.session().serveOne();
    ensemble.session().answerOne();
    ensemble.loop.execute(() -> nodes.subList(50, 100).forEach(OwnedNode::close)); // under way
    ensemble.settle();
    assertThat(ensemble.tree).hasSize(150);
    nodes.forEach(node -> ensemble.loop.execute(node::close));
    ensemble.settle();
    assertThat(ensemble.tree).isEmpty();
    assertThat(ensemble.budget.used()).isZero();
  }

  @Test
  void own_manyAndAListenerFails_theOthersAreTold() {
    SimulatedEnsemble ensemble = new SimulatedEnsemble(1);
    List<OwnedNode> nodes = ownMany(ensemble, 10);
    List<ZkPath> told = new ArrayList<>();
    ensemble.loop.execute(() -> {
      own(ensemble, "failing", path -> {
        throw new IllegalStateException("a listener that fails");
      });
      own(ensemble, "last", told::add);
    });
    ensemble.settle();
    assertThat(told).containsExactly(ZkPath.absolute("/r/last"));
    assertThat(nodes).allMatch(node -> node.ownedPath() != null);
    assertThat(own(ensemble, "later")).isNotNull();
    ensemble.settle();
    assertThat(ensemble.tree).containsKey("/r/later");
  }

  private static List<OwnedNode> ownMany(SimulatedEnsemble ensemble, int count) {
    ensemble.connect();
    List<OwnedNode> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(own(ensemble, "n" + i));
    }
    return nodes;
  }

  private static OwnedNode own(SimulatedEnsemble ensemble, String name) {
    OwnedNode[] made = new OwnedNode[1];
    ensemble.loop.execute(() -> made[0] = own(ensemble, name, path -> {}));
    return made[0];
  }

  private static OwnedNode own(SimulatedEnsemble ensemble, String name, Consumer<ZkPath> listener) {
    OwnedNode.Listener told = new OwnedNode.Listener() {
      @Override
      public void onOwned(ZkPath path, Stat stat) {
        listener.accept(path);
      }

      @Override
      public void onMissing(String reason) {}
    };
    return OwnedNodes.in(ensemble.client)
        .own(
            Folders.root(ensemble.client),
            incarnation -> ZkPath.absolute("/r").child(name),
            new byte[0],
            told);
  }

  private static List<Wish> run(SimulatedEnsemble ensemble, String which) {
    Random chance = ensemble.chance;
    List<Wish> wishes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int what = chance.nextInt(16);
      if (what == 0 && wishes.size() < 8) {
        wishes.add(new Wish(ensemble, "n" + wishes.size(), which));
      } else if (what == 1 && !wishes.isEmpty()) {
        wishes.get(chance.nextInt(wishes.size())).update(chance.nextInt(3));
      } else if (what == 2 && chance.nextInt(3) == 0 && !wishes.isEmpty()) {
        wishes.get(chance.nextInt(wishes.size())).end(chance.nextInt(3) == 0);
      } else if (what == 3 && !ensemble.tree.isEmpty()) {
        List<String> paths = ensemble.tree.keySet().stream().sorted().toList();
        ensemble.tree.remove(paths.get(chance.nextInt(paths.size()))); // an operator
      } else {
        ensemble.step();
      }
      wishes.forEach(Wish::requireAtMostOne);
    }
    return wishes;
  }

  /** One owned node, what was last asked of it, and what it told. */
  private static final class Wish implements OwnedNode.Listener {
    private final SimulatedEnsemble ensemble;
    private final String name;
    private final String which;
    private final OwnedNode node;
    private byte[] wanted = data(0);
    private boolean closed;
    private boolean retired;
    private boolean there;
    private boolean missingTold;
    private int madeOften;

    Wish(SimulatedEnsemble ensemble, String name, String which) {
      this.ensemble = ensemble;
      this.name = name;
      this.which = which + " " + name;
      OwnedNode[] made = new OwnedNode[1];
      Folders folders = Folders.root(ensemble.client);
      ensemble.loop.execute(() -> made[0] = OwnedNodes.in(ensemble.client)
          .own(
              folders,
              incarnation ->
                  ZkPath.absolute("/r").child(name + "-" + Long.toHexString(incarnation)),
              wanted,
              this));
      node = made[0];
    }

    void update(int number) {
      if (!retired) {
        wanted = data(number);
        ensemble.loop.execute(() -> node.update(wanted));
      }
    }

    void end(boolean byRetiring) {
      if (closed || retired) {
        return;
      }
      if (byRetiring) {
        retired = true;
        wanted = data(9);
        ensemble.loop.execute(() -> node.retire(wanted));
      } else {
        closed = true;
        ensemble.loop.execute(() -> node.close());
      }
    }

    @Override
    public void onOwned(ZkPath path, Stat stat) {
      assertThat(there).as(which).isFalse();
      assertThat(closed).as(which).isFalse();
      assertThat(ensemble.session().owns(stat)).as(which).isTrue();
      there = true;
      madeOften++;
    }

    @Override
    public void onMissing(String reason) {
      assertThat(there || retired).as(which).isTrue();
      there = false;
      missingTold = true;
    }

    @Override
    public void onWritten() {
      assertThat(there).as(which).isTrue();
    }

    /** A retired node is wanted until it was missing once. */
    boolean isWanted() {
      return !closed && !(retired && missingTold && !there);
    }

    void requireAtMostOne() {
      Map<Long, Long> bySession = ensemble.tree.entrySet().stream()
          .filter(entry -> entry.getKey().startsWith("/r/" + name + "-"))
          .collect(java.util.stream.Collectors.groupingBy(
              entry -> entry.getValue().owner(), java.util.stream.Collectors.counting()));
      assertThat(bySession.values()).as(which).allMatch(count -> count == 1);
    }

    void requireMet() {
      List<SimulatedEnsemble.Node> nodes = ensemble.tree.entrySet().stream()
          .filter(entry -> entry.getKey().startsWith("/r/" + name + "-"))
          .map(Map.Entry::getValue)
          .toList();
      if (!isWanted()) {
        assertThat(nodes).as(which).isEmpty();
        return;
      }
      assertThat(nodes).as(which).hasSize(1);
      assertThat(nodes.get(0).owner()).as(which).isEqualTo(ensemble.session().id());
      assertThat(nodes.get(0).holds(wanted)).as(which).isTrue();
      assertThat(node.ownedPath()).as(which).isNotNull();
      assertThat(there).as(which).isTrue();
    }

    private static byte[] data(int number) {
      return ("data " + number).getBytes(StandardCharsets.UTF_8);
    }
  }
}
