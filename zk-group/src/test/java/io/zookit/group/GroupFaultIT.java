package io.zookit.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections that are cut at the requests of claims, releases and plans, and sessions that end. */
@Tag("full")
class GroupFaultIT {

  private static final int PARTITIONS = 24;
  private static final int MOST_CUTS = 12;

  /** The ways in which a connection is lost at a request. */
  enum Cut {
    BEFORE {
      @Override
      Fault plan(FaultProxy proxy, int n) {
        return proxy.cutBefore(Op.MULTI, n);
      }
    },
    AFTER {
      @Override
      Fault plan(FaultProxy proxy, int n) {
        return proxy.cutAfter(Op.MULTI, n);
      }
    };

    abstract Fault plan(FaultProxy proxy, int n);
  }

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final GroupWorld world = new GroupWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private static void awaitCovered(GroupUser... users) {
    await().atMost(GroupWorld.LONG).until(() -> GroupUser.isCovered(PARTITIONS, List.of(users)));
  }

  /** Claims, releases and plans are multis; the n-th of a member is cut. */
  @ParameterizedTest
  @EnumSource(Cut.class)
  void multi_isCut_partitionsAreOwnedOnceAndHandedOver(Cut cut) throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient faulty = world.client("faulty", proxy);
    ZkClient sound = world.client("sound");
    for (int n = 1; n <= MOST_CUTS; n++) {
      Fault fault = cut.plan(proxy, n);
      GroupUser first = world.keep(GroupUser.join(faulty, "a", PARTITIONS));
      awaitCovered(first);
      Map<Integer, FencingToken> before = new TreeMap<>(first.tokens);
      GroupUser second = world.keep(GroupUser.join(sound, "b", PARTITIONS));
      await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == PARTITIONS / 2);
      awaitCovered(first, second);
      second.tokens.forEach((index, token) ->
          assertThat(token.isAfter(Objects.requireNonNull(before.get(index)))).isTrue());
      first.close();
      awaitCovered(second);
      second.close();
      System.out.println(cut + " " + n + (fault.landed() ? " landed" : " was not reached"));
      proxy.heal();
    }
    assertNothingLeft();
  }

  private void assertNothingLeft() throws Exception {
    world.operate(admin -> await().atMost(GroupWorld.LONG).until(() -> count(admin) == 0));
  }

  private int count(ZooKeeper admin) throws Exception {
    int count = admin.getChildren(world.path("g") + "/~m", false).size();
    for (int bucket = 0; bucket < 16; bucket++) {
      count += admin.getChildren(world.path("g") + "/~h/1/" + bucket, false).size();
    }
    return count;
  }

  @Test
  void connection_isLostForAWhile_nothingIsInterruptedAndNothingIsValidMeanwhile()
      throws Exception {
    FaultProxy proxy = world.proxy();
    GroupUser first = world.keep(GroupUser.join(world.client("faulty", proxy), "a", PARTITIONS));
    awaitCovered(first);

    proxy.refuse();
    proxy.cut();
    await().atMost(GroupWorld.LONG).until(() -> first.valid().isEmpty());
    assertThat(first.running).hasSize(PARTITIONS);
    proxy.heal();

    awaitCovered(first);
    assertThat(first.interrupted).hasValue(0);
  }

  @Test
  void session_ends_partitionsAreClaimedByOthersAndTheOldOnesAreInterrupted() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.keep(ZkClient.builder(proxy.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(world.root())
        .label("cut")
        .sessionTimeout(Duration.ofSeconds(4))
        .connect());
    GroupUser first = world.keep(GroupUser.join(cut, "a", PARTITIONS));
    awaitCovered(first);
    GroupUser second = world.keep(GroupUser.join(world.client("sound"), "b", PARTITIONS));
    awaitCovered(first, second);
    assertThat(second.valid()).hasSizeLessThanOrEqualTo(PARTITIONS);
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == PARTITIONS / 2);

    proxy.blackHole();
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == PARTITIONS);
    assertThat(first.valid()).isEmpty();
    proxy.heal();

    await().atMost(GroupWorld.LONG).until(() -> first.valid().size() == PARTITIONS / 2);
    awaitCovered(first, second);
  }
}
