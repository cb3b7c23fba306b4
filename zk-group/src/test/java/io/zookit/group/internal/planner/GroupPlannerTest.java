package io.zookit.group.internal.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.MemberRecord;
import io.zookit.group.internal.store.PartitionOwnerRecord;
import io.zookit.group.internal.store.SpecRecord;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.SimulatedTree;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A planner on simulated servers, in virtual time; an operator creates the nodes of the members and their claims. */
class GroupPlannerTest {

  private static final ZkPath ROOT = new ZkPath("/zk");
  private static final SpecRecord SPEC = SpecRecord.first(4);

  private final VirtualTime time = new VirtualTime(1);
  private final SimulatedEnsemble ensemble = new SimulatedEnsemble(time);
  private final SimulatedCurator curator =
      new SimulatedCurator(new VirtualProcess(time), ensemble, 4 * VirtualTime.SECOND);
  private final SimulatedClient client = new SimulatedClient("c", ROOT, curator, failure -> {
    throw new AssertionError(failure);
  });
  private final GroupNodes nodes = new GroupNodes(client, "g");
  private int stepsDown;

  @BeforeEach
  void connect() {
    for (ZkPath folder : List.of(ROOT, GroupNodes.folder(client), nodes.path(), nodes.members())) {
      operate(nodes.create(folder, new byte[0]));
    }
    assertThat(ensemble.operate(nodes.createPartitions(SPEC))).isEqualTo(Code.OK);
    curator.connect();
    run(Duration.ofSeconds(2));
  }

  private void operate(Op operation) {
    assertThat(ensemble.operate(List.of(operation))).isEqualTo(Code.OK);
  }

  private void run(Duration span) {
    time.run(span);
  }

  private void join(String id) {
    MemberRecord record =
        new MemberRecord(MemberRecord.State.JOINED, 1, null, null, null, null, List.of(), "test");
    operate(nodes.create(nodes.member(key(id)), MemberRecord.CODEC.encode(record)));
  }

  private static String key(String id) {
    return MemberNode.keyOf(id, "1");
  }

  private void claim(int partition, String id) {
    byte[] data = PartitionOwnerRecord.CODEC.encode(new PartitionOwnerRecord(key(id)));
    operate(Op.create(
        nodes.claim(SPEC, partition).value(),
        data,
        ZooDefs.Ids.OPEN_ACL_UNSAFE,
        CreateMode.PERSISTENT));
  }

  private boolean isClaimed(int partition) {
    return ensemble.tree().find(nodes.claim(SPEC, partition).value()) != null;
  }

  private void release(int partition) {
    operate(Op.delete(nodes.claim(SPEC, partition).value(), -1));
  }

  private GroupPlanner start() {
    SessionHandle handle = client.handle().orElseThrow();
    GroupPlanner planner = new GroupPlanner(
        nodes,
        handle,
        key("a"),
        client.process(),
        new GroupPlanner.Listener() {
          @Override
          public void stepDown() {
            stepsDown++;
          }

          @Override
          public void onMembers(List<MemberNode> members) {}
        },
        Scope.root(client.loop(), client.timekeeper()));
    planner.start();
    return planner;
  }

  private GroupPlan plan() {
    return GroupPlan.decode(
            Objects.requireNonNull(ensemble.tree().find(nodes.plan().value())).data())
        .orElseThrow();
  }

  private long czxid(int partition) {
    SimulatedTree tree = ensemble.tree();
    return Objects.requireNonNull(tree.find(nodes.claim(SPEC, partition).value()))
        .stat()
        .getCzxid();
  }

  private static List<Integer> of(GroupPlan plan, String id) {
    return IntStream.range(0, plan.count())
        .filter(p -> plan.ownerOf(p).map(PlannedMember::id).filter(id::equals).isPresent())
        .boxed()
        .toList();
  }

  @Test
  void claim_isMadeBesideThePlanThatGivesItAway_isSeenByTheNextPlan() {
    join("a");
    join("b");
    start();
    run(Duration.ofSeconds(3));
    GroupPlan first = plan();
    List<Integer> others = of(first, "b");
    assertThat(others).hasSize(2);
    of(first, "a").forEach(partition -> claim(partition, "a"));

    others.forEach(partition -> claim(partition, "a"));
    run(Duration.ofSeconds(20));

    GroupPlan next = plan();
    assertThat(of(next, "b")).hasSize(2);
    of(next, "b")
        .forEach(partition -> assertThat(next.hasSeen(SPEC.bucketOf(partition), czxid(partition)))
            .as("the plan that moves %d has seen its claim", partition)
            .isTrue());
  }

  @Test
  void member_leavesPartitionsUnclaimed_getsItsShareAfterAMinute() {
    join("a");
    join("b");
    start();
    run(Duration.ofSeconds(2));
    for (int i = 0; i < 100; i++) {
      of(plan(), "a").stream()
          .filter(partition -> !isClaimed(partition))
          .forEach(partition -> claim(partition, "a"));
      run(Duration.ofMillis(100));
    }
    assertThat(of(plan(), "a")).hasSize(4);

    run(Duration.ofSeconds(90));

    assertThat(of(plan(), "b")).hasSize(2);
  }

  @Test
  void claims_changeAllTheTime_plannerKeepsItsPlace() {
    join("a");
    start();
    run(Duration.ofSeconds(3));

    for (int i = 0; i < 600; i++) {
      claim(i % 4, "a");
      run(Duration.ofMillis(15));
      release(i % 4);
      run(Duration.ofMillis(15));
    }

    assertThat(stepsDown).isZero();
  }
}
