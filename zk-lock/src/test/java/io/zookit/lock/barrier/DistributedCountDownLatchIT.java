package io.zookit.lock.barrier;

import static io.zookit.lock.barrier.BarrierWorld.LONG;
import static io.zookit.lock.barrier.BarrierWorld.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.LockWorld;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class DistributedCountDownLatchIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private BarrierWorld world;
  private ZkClient one;
  private ZkClient two;

  @BeforeEach
  void open() {
    world = new BarrierWorld(zooKeeper.server(), zooKeeper.freshRoot());
    world.awaitNoWatch();
    one = world.client("one");
    two = world.client("two");
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  private static DistributedCountDownLatch latch(int count, ZkClient client) {
    return DistributedCountDownLatch.named("team/l", count, client);
  }

  private static <T> T got(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void await_countedDownByOthers_opens() throws Exception {
    DistributedCountDownLatch mine = latch(2, one);
    DistributedCountDownLatch theirs = latch(2, two);
    CompletableFuture<Long> waiting = elsewhere(() -> mine.await(LONG));
    got(theirs.countDown());
    assertThat(got(theirs.remaining())).isEqualTo(1);
    assertThat(waiting).isNotDone();
    got(mine.countDown());
    assertThat(got(waiting)).isEqualTo(1);
    assertThat(theirs.await(Duration.ZERO.plusSeconds(20))).isEqualTo(1);
    assertThat(got(theirs.remaining())).isZero();
  }

  @Test
  void await_notInTime_saysHowFarItCameAndLeavesNoWatch() throws Exception {
    got(latch(3, one).countDown());
    LockWorld.settle(one, two);
    int watches = world.server.watchCount();
    assertThatThrownBy(() -> latch(3, two).await(Duration.ofMillis(200)))
        .isInstanceOf(ZkTimeoutException.class)
        .hasMessage("latch team/l: not open within PT0.2S, 1 of 3 in generation 1");
    org.awaitility.Awaitility.await().until(() -> world.server.watchCount() <= watches);
    assertThat(Barriers.in(CoreClient.of(two)).size()).isZero();
  }

  @Test
  void await_interrupted_endsAtOnce() throws Exception {
    CompletableFuture<Thread> waiter = new CompletableFuture<>();
    CompletableFuture<Long> waiting = elsewhere(() -> {
      waiter.complete(Thread.currentThread());
      return latch(1, one).await(Duration.ofHours(1));
    });
    waiter.get().interrupt();
    assertThatThrownBy(() -> got(waiting)).hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  @Tag("full")
  void countDown_answerLostOrNotSent_countsOnce() throws Exception {
    FaultProxy proxy = world.proxy();
    DistributedCountDownLatch cut = latch(10, world.client("cut", proxy.connectString()));
    got(cut.remaining());
    for (int i = 1; i <= 4; i++) {
      Fault fault = i % 2 == 0 ? proxy.cutAfter(Op.MULTI, 1) : proxy.cutBefore(Op.MULTI, 1);
      got(cut.countDown());
      assertThat(fault.landed()).isTrue();
      assertThat(got(latch(10, two).remaining())).isEqualTo(10 - i);
    }
  }

  @Test
  @Tag("full")
  void countDown_sessionEndsWithoutAnAnswer_countsOnce() throws Exception {
    FaultProxy proxy = world.proxy();
    CuratorFramework curator = org.apache.curator.framework.CuratorFrameworkFactory.builder()
        .connectString(proxy.connectString())
        .sessionTimeoutMs(30_000)
        .retryPolicy(new org.apache.curator.retry.RetryForever(100))
        .ensembleTracker(false)
        .build();
    DistributedCountDownLatch cut = latch(5, world.clientOver(curator));
    got(cut.remaining());
    proxy.refuse();
    Fault fault = proxy.cutAfter(Op.MULTI, 1);
    CompletableFuture<Void> counted = cut.countDown();
    assertThat(fault.await(LONG)).isTrue();
    world.awaitChildren("/latches/team/l/~l/g1", 1);
    world.expire(curator);
    assertThat(counted).isNotDone();
    proxy.heal();
    got(counted);
    assertThat(got(latch(5, two).remaining())).isEqualTo(4);
  }

  @Test
  void countDown_processEnds_staysCounted() throws Exception {
    got(latch(2, one).countDown());
    one.close();
    assertThat(got(latch(2, two).remaining())).isEqualTo(1);
  }

  @Test
  void countDown_open_makesNoNode() throws Exception {
    DistributedCountDownLatch mine = latch(1, one);
    for (int i = 0; i < 5; i++) {
      got(mine.countDown());
    }
    assertThat(world.children("/latches/team/l/~l/g1")).hasSize(1);
  }

  @Test
  void reset_beforeItOpened_breaksTheWaitersAndCountsNothingOfBefore() throws Exception {
    DistributedCountDownLatch mine = latch(2, one);
    got(mine.countDown());
    CompletableFuture<Long> waiting = elsewhere(() -> latch(2, two).await(LONG));
    org.awaitility.Awaitility.await().until(() -> world.server.watchCount() >= 2);
    assertThat(got(mine.reset(3))).isEqualTo(2);
    assertThatThrownBy(() -> got(waiting))
        .hasCauseInstanceOf(BarrierBrokenException.class)
        .hasMessageContaining("reset after 1 of 2 in generation 1");
    assertThat(got(mine.remaining())).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void reset_rightAfterItOpened_doesNotBreakAWaiterWhoSawNeither() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient away = world.client("away", proxy.connectString());
    CompletableFuture<Long> waiting = elsewhere(() -> latch(1, away).await(LONG));
    org.awaitility.Awaitility.await().until(() -> world.server.watchCount() >= 2);
    proxy.refuse();
    proxy.cut();
    got(latch(1, one).countDown());
    got(latch(1, one).reset(1));
    assertThat(waiting).isNotDone();
    proxy.heal();
    assertThat(got(waiting)).isEqualTo(1);
  }

  @Test
  void reset_manyTimes_keepsTwoGenerations() throws Exception {
    DistributedCountDownLatch mine = latch(1, one);
    for (int i = 1; i <= 5; i++) {
      got(mine.countDown());
      assertThat(mine.await(LONG)).isEqualTo(i);
      got(mine.reset(1));
    }
    world.awaitChildren("/latches/team/l/~l", 2);
    assertThat(world.children("/latches/team/l/~l"))
        .allMatch(path -> path.endsWith("/g5") || path.endsWith("/g6"));
  }

  @Test
  @Tag("full")
  void reset_answerLost_isOneReset() throws Exception {
    FaultProxy proxy = world.proxy();
    DistributedCountDownLatch cut = latch(1, world.client("cut", proxy.connectString()));
    got(cut.remaining());
    Fault fault = proxy.cutAfter(Op.MULTI, 1);
    assertThat(got(cut.reset(4))).isEqualTo(2);
    assertThat(fault.landed()).isTrue();
    assertThat(got(latch(1, two).remaining())).isEqualTo(4);
  }

  @Test
  void countDown_costsThreeRequests() throws Exception {
    FaultProxy proxy = world.proxy();
    DistributedCountDownLatch counted = latch(9, world.client("counted", proxy.connectString()));
    got(counted.remaining());
    proxy.resetCounters();
    got(counted.countDown());
    assertThat(proxy.recorded()).containsSubsequence(Op.GET_DATA, Op.GET_CHILDREN, Op.MULTI);
    assertThat(proxy.requests(Op.MULTI)).isEqualTo(1);
  }

  @Test
  void named_badCount_isRefused() {
    assertThatThrownBy(() -> latch(0, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count: 0 (expected: 1 to 10000)");
  }
}
