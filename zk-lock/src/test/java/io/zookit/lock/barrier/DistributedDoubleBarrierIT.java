package io.zookit.lock.barrier;

import static io.zookit.lock.barrier.BarrierWorld.BRIEF;
import static io.zookit.lock.barrier.BarrierWorld.LONG;
import static io.zookit.lock.barrier.BarrierWorld.elsewhere;
import static java.util.Collections.singletonList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rounds of a double barrier, and the ways in which other implementations pass them early or hang. */
@Tag("full")
class DistributedDoubleBarrierIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final String NODE = "/barriers/b/~b";

  private BarrierWorld world;

  @BeforeEach
  void open() {
    world = new BarrierWorld(zooKeeper.server(), zooKeeper.freshRoot());
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  private static DistributedDoubleBarrier barrier(int members, ZkClient client) {
    return DistributedDoubleBarrier.named("b", members, client);
  }

  private CompletableFuture<BarrierRound> enter(int members, ZkClient client) {
    return elsewhere(() -> barrier(members, client).enter(LONG));
  }

  private static <T> T got(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private CompletableFuture<Boolean> leave(BarrierRound round) {
    return elsewhere(() -> {
      round.leave(LONG);
      return true;
    });
  }

  @Test
  void enterAndLeave_threeMembers_areTogetherRoundAfterRound() throws Exception {
    List<ZkClient> clients =
        List.of(world.client("one"), world.client("two"), world.client("three"));
    for (int round = 1; round <= 3; round++) {
      CompletableFuture<BarrierRound> first = enter(3, clients.get(0));
      CompletableFuture<BarrierRound> second = enter(3, clients.get(1));
      world.awaitChildren(NODE, 2);
      assertThat(first).isNotDone();
      assertThat(second).isNotDone();
      List<BarrierRound> inside = new ArrayList<>();
      inside.add(barrier(3, clients.get(2)).enter(LONG));
      inside.add(got(first));
      inside.add(got(second));
      assertThat(inside).extracting(BarrierRound::generation).containsOnly((long) round);
      CompletableFuture<Boolean> leaving = leave(inside.get(0));
      CompletableFuture<Boolean> alsoLeaving = leave(inside.get(1));
      world.awaitChildren(NODE, 1);
      assertThat(leaving).isNotDone();
      assertThat(alsoLeaving).isNotDone();
      inside.get(2).leave(LONG);
      assertThat(got(leaving) && got(alsoLeaving)).isTrue();
      world.awaitChildren(NODE, 0);
    }
    assertThat(Barriers.in(CoreClient.of(clients.get(0))).size()).isZero();
  }

  /** Curator's GH-1290: entering with a timeout can succeed with one member of several. */
  @Test
  void enter_aloneUntilTheTimeIsOver_neverSucceeds() throws Exception {
    ZkClient client = world.client("alone");
    for (int i = 0; i < 20; i++) {
      Duration timeout = Duration.ofMillis(i * 3L);
      assertThatThrownBy(() -> barrier(2, client).enter(timeout))
          .isInstanceOf(ZkTimeoutException.class)
          .hasMessageContaining("of 2 within " + timeout);
      assertThat(world.children(NODE)).isEmpty();
    }
  }

  /** CURATOR-318: the node of a member that timed out stays, and counts for the next that enters. */
  @Test
  void enter_afterAnotherTimedOut_isNotCountedTogetherWithIt() throws Exception {
    ZkClient one = world.client("one");
    ZkClient two = world.client("two");
    assertThatThrownBy(() -> barrier(2, one).enter(BRIEF)).isInstanceOf(ZkTimeoutException.class);
    assertThat(world.children(NODE)).isEmpty();
    assertThatThrownBy(() -> barrier(2, two).enter(BRIEF)).isInstanceOf(ZkTimeoutException.class);
    CompletableFuture<BarrierRound> first = enter(2, one);
    world.awaitChildren(NODE, 1);
    BarrierRound second = barrier(2, two).enter(LONG);
    assertThat(second.generation()).isEqualTo(1);
    got(first).close();
    second.close();
  }

  /** A round whose members have all crashed must not be open for the next member. */
  @Test
  @Tag("full")
  void enter_afterAllMembersOfARoundCrashed_waitsForANewRound() throws Exception {
    CuratorFramework curator = world.curator();
    ZkClient crashing = world.clientOver(curator);
    CompletableFuture<BarrierRound> first = enter(2, crashing);
    BarrierRound second = barrier(2, crashing).enter(LONG);
    assertThat(got(first).generation()).isEqualTo(second.generation());
    world.expire(curator);
    ZkClient one = world.client("one");
    ZkClient two = world.client("two");
    assertThatThrownBy(() -> barrier(2, one).enter(BRIEF)).isInstanceOf(ZkTimeoutException.class);
    CompletableFuture<BarrierRound> third = enter(2, one);
    world.awaitChildren(NODE, 1);
    assertThat(third).isNotDone();
    BarrierRound fourth = barrier(2, two).enter(LONG);
    assertThat(fourth.generation()).isEqualTo(2);
    assertThat(got(third).generation()).isEqualTo(2);
  }

  @Test
  void enter_whileARoundIsInside_waitsForTheNext() throws Exception {
    ZkClient one = world.client("one");
    ZkClient two = world.client("two");
    CompletableFuture<BarrierRound> first = enter(2, one);
    BarrierRound second = barrier(2, two).enter(LONG);
    assertThatThrownBy(() -> barrier(2, two).enter(BRIEF)).isInstanceOf(ZkTimeoutException.class);
    CompletableFuture<BarrierRound> late = enter(2, one);
    CompletableFuture<BarrierRound> later = enter(2, two);
    world.awaitChildren(NODE, 4);
    assertThat(late).isNotDone();
    got(first).close();
    second.close();
    assertThat(got(late).generation()).isEqualTo(2);
    assertThat(got(later).generation()).isEqualTo(2);
  }

  @Test
  @Tag("full")
  void leave_memberCrashed_hasLeft() throws Exception {
    CuratorFramework curator = world.curator();
    CompletableFuture<BarrierRound> crashing = enter(2, world.clientOver(curator));
    BarrierRound mine = barrier(2, world.client("one")).enter(LONG);
    got(crashing);
    CompletableFuture<Boolean> leaving = leave(mine);
    world.awaitChildren(NODE, 1);
    assertThat(leaving).isNotDone();
    world.expire(curator);
    assertThat(got(leaving)).isTrue();
  }

  @Test
  void leave_othersStayInside_timesOutAndHasLeft() throws Exception {
    CompletableFuture<BarrierRound> staying = enter(2, world.client("two"));
    BarrierRound mine = barrier(2, world.client("one")).enter(LONG);
    got(staying);
    assertThatThrownBy(() -> mine.leave(BRIEF))
        .isInstanceOf(ZkTimeoutException.class)
        .hasMessageContaining("not all have left within");
    world.awaitChildren(NODE, 1);
  }

  @Test
  @Tag("full")
  void enter_answerToItsNodeLost_isThereOnce() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.client("cut", proxy.connectString());
    assertThatThrownBy(() -> barrier(2, cut).enter(BRIEF)).isInstanceOf(ZkTimeoutException.class);
    Fault fault = proxy.cutAfter(Op.CREATE2, 1);
    CompletableFuture<BarrierRound> first = enter(2, cut);
    assertThat(fault.await(LONG)).isTrue();
    await().until(() -> cut.session().state() == SessionState.CONNECTED);
    world.awaitChildren(NODE, 1);
    assertThat(first).isNotDone();
    BarrierRound second = barrier(2, world.client("two")).enter(LONG);
    assertThat(got(first).generation()).isEqualTo(second.generation());
  }

  @Test
  @Tag("full")
  void enter_cutBeforeOrAfterTheOpening_opensOnce() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.client("cut", proxy.connectString());
    ZkClient two = world.client("two");
    for (int generation = 1; generation <= 2; generation++) {
      CompletableFuture<BarrierRound> first = enter(2, two);
      world.awaitChildren(NODE, 1);
      Fault fault = generation == 1 ? proxy.cutBefore(Op.MULTI, 1) : proxy.cutAfter(Op.MULTI, 1);
      BarrierRound second = barrier(2, cut).enter(LONG); // the last to come opens
      assertThat(fault.landed()).isTrue();
      assertThat(second.generation()).isEqualTo(generation);
      assertThat(got(first).generation()).isEqualTo(generation);
      CompletableFuture<Boolean> leaving = leave(second);
      got(first).leave(LONG);
      assertThat(got(leaving)).isTrue();
    }
  }

  @Test
  @Tag("full")
  void enter_cutAtItsWithdrawal_saysThatNobodyKnowsAndLeavesNothing() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.client("cut", proxy.connectString());
    assertThatThrownBy(() -> barrier(2, cut).enter(BRIEF)).isInstanceOf(ZkTimeoutException.class);
    for (boolean before : new boolean[] {true, false}) {
      proxy.refuse();
      Fault fault = before ? proxy.cutBefore(Op.MULTI, 1) : proxy.cutAfter(Op.MULTI, 1);
      assertThatThrownBy(() -> barrier(2, cut).enter(BRIEF))
          .isInstanceOf(ZkUnavailableException.class)
          .hasMessageContaining("it is unknown whether the round has opened");
      assertThat(fault.landed()).isTrue();
      proxy.heal();
      await().until(() -> cut.session().state() == SessionState.CONNECTED);
      world.awaitChildren(NODE, 0);
    }
    assertThat(Barriers.in(CoreClient.of(cut)).size()).isZero();
  }

  @Test
  @Tag("full")
  void enter_notConnected_isOverWhenTheTimeIs() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.client("cut", proxy.connectString());
    proxy.refuse();
    proxy.cut();
    await().until(() -> cut.session().state() != SessionState.CONNECTED);
    assertThatThrownBy(() -> barrier(2, cut).enter(BRIEF)).isInstanceOf(ZkTimeoutException.class);
    proxy.heal();
    await().until(() -> cut.session().state() == SessionState.CONNECTED);
    assertThat(world.children(NODE)).isEmpty();
  }

  @Test
  void enter_interrupted_leavesNothing() throws Exception {
    ZkClient client = world.client("one");
    CompletableFuture<Thread> waiter = new CompletableFuture<>();
    CompletableFuture<BarrierRound> waiting = elsewhere(() -> {
      waiter.complete(Thread.currentThread());
      return barrier(2, client).enter(LONG);
    });
    world.awaitChildren(NODE, 1);
    waiter.get().interrupt();
    assertThatThrownBy(() -> got(waiting)).hasCauseInstanceOf(InterruptedException.class);
    world.awaitChildren(NODE, 0);
  }

  @Test
  void enter_otherNumberOfMembers_isRefused() throws Exception {
    ZkClient client = world.client("one");
    CompletableFuture<BarrierRound> first = enter(2, client);
    world.awaitChildren(NODE, 1);
    assertThatThrownBy(() -> barrier(3, client).enter(LONG))
        .isInstanceOf(ZkException.class)
        .hasMessage("barrier b: members: 3 (expected: 2, as it stands in ZooKeeper)");
    world.awaitChildren(NODE, 1);
    assertThat(first).isNotDone();
    client.close();
    assertThatThrownBy(() -> got(first)).hasMessageContaining("the client is closed");
  }

  @Test
  void enter_barrierMayNotBeWritten_saysSoAndLeavesNothing() throws Exception {
    ZkClient client = world.client("one");
    assertThatThrownBy(() -> barrier(2, client).enter(BRIEF))
        .isInstanceOf(ZkTimeoutException.class);
    ACL unwritable =
        new ACL(ZooDefs.Perms.ALL & ~ZooDefs.Perms.WRITE, ZooDefs.Ids.ANYONE_ID_UNSAFE);
    try (CuratorFramework admin = world.curator()) {
      admin.start();
      admin.setACL().withACL(singletonList(unwritable)).forPath(world.root + NODE);
    }
    CompletableFuture<BarrierRound> first = enter(2, client);
    world.awaitChildren(NODE, 1);
    assertThatThrownBy(() -> barrier(2, world.client("two")).enter(LONG))
        .isInstanceOf(ZkAccessException.class);
    world.awaitChildren(NODE, 1);
    assertThat(first).isNotDone();
  }

  /** A member that has entered was in with all members of the round, in every round. */
  @Test
  @Tag("full")
  void enter_manyWithRandomTimeouts_everyRoundHasAllItsMembersAndNoMore() throws Exception {
    long seed = Long.getLong("zookit.seed", System.identityHashCode(this));
    System.out.println("zookit.seed=" + seed);
    Map<Long, AtomicInteger> entered = new ConcurrentHashMap<>();
    List<CompletableFuture<Integer>> members = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ZkClient client = world.client("member" + i);
      Random random = new Random(seed + i);
      members.add(elsewhere(() -> {
        int rounds = 0;
        for (int n = 0; n < 40; n++) {
          try (BarrierRound round =
              barrier(3, client).enter(Duration.ofMillis(random.nextInt(80)))) {
            entered
                .computeIfAbsent(round.generation(), first -> new AtomicInteger())
                .incrementAndGet();
            rounds++;
          } catch (ZkTimeoutException e) {
            assertThat(e).hasMessageContaining("of 3 within");
          }
        }
        return rounds;
      }));
    }
    int all = 0;
    for (CompletableFuture<Integer> member : members) {
      all += member.get(120, TimeUnit.SECONDS);
    }
    assertThat(entered).isNotEmpty();
    assertThat(entered.values()).allMatch(count -> count.get() == 3);
    assertThat(all).isEqualTo(3 * entered.size());
    world.awaitChildren(NODE, 0);
  }

  @Test
  void named_badNumbers_areRefused() {
    ZkClient client = world.client("one");
    assertThatThrownBy(() -> barrier(0, client))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("members: 0 (expected: 1 to 1000)");
    assertThatThrownBy(() -> barrier(1, client).enter(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
