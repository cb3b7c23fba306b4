package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.lock.inspect.LockReport;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NumberedLeasesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration FOREVER = Duration.ofHours(1);

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  @Test
  void acquire_asManyAsThereAre_givesEachAnotherNumber() throws Exception {
    NumberedLeases mine = NumberedLeases.named("w", 8, one);
    NumberedLeases theirs = NumberedLeases.named("w", 8, two);
    List<CompletableFuture<NumberedLease>> asked = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      asked.add((i % 2 == 0 ? mine : theirs).acquireAsync(LockWorld.LONG));
    }
    TreeSet<Integer> numbers = new TreeSet<>();
    List<NumberedLease> leases = new ArrayList<>();
    for (CompletableFuture<NumberedLease> each : asked) {
      leases.add(each.get(30, TimeUnit.SECONDS));
      numbers.add(leases.get(leases.size() - 1).number());
    }
    assertThat(numbers).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(mine.tryAcquire()).isEmpty();
    leases.get(3).close();
    leases.get(3).released().get(30, TimeUnit.SECONDS);
    NumberedLease again = mine.tryAcquire().orElseThrow();
    assertThat(again.number()).isEqualTo(leases.get(3).number());
    assertThat(again.token()).isGreaterThan(leases.get(3).token());
    assertThat(again.isValid()).isTrue();
    leases.forEach(Lease::close);
    again.close();
    world.awaitQueue("w", 0);
    world.awaitNoEntry(one);
    world.awaitNoEntry(two);
  }

  @Test
  void acquire_allAreTaken_waitsForAnyOfThemInTheOrderOfAsking() throws Exception {
    NumberedLeases mine = NumberedLeases.named("w", 3, one);
    NumberedLeases theirs = NumberedLeases.named("w", 3, two);
    List<NumberedLease> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(mine.acquire(LockWorld.LONG));
    }
    List<CompletableFuture<NumberedLease>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add((i % 2 == 0 ? theirs : mine).acquireAsync());
      world.awaitQueue("w", 4 + i);
    }
    for (int i = 0; i < 3; i++) {
      held.get(i).close();
      NumberedLease next = waiting.get(i).get(30, TimeUnit.SECONDS);
      assertThat(next.number()).isEqualTo(held.get(i).number());
      assertThat(next.token()).isGreaterThan(held.get(i).token());
      held.add(next);
      assertThat(waiting.subList(i + 1, 3)).noneMatch(CompletableFuture::isDone);
    }
    held.forEach(Lease::close);
    world.awaitQueue("w", 0);
  }

  @Test
  @Tag("full")
  void tryAcquire_othersWait_takesNothingPastThem() throws Exception {
    NumberedLeases mine = NumberedLeases.named("w", 1, one);
    NumberedLease held = mine.acquire(LockWorld.LONG);
    CompletableFuture<NumberedLease> waiting = NumberedLeases.named("w", 1, two).acquireAsync();
    world.awaitQueue("w", 2);
    world.delete(world.queue("w").get(0).path()); // its owner notices it in its own time
    NumberedLease next = waiting.get(30, TimeUnit.SECONDS);
    assertThat(mine.tryAcquire()).isEmpty();
    assertThat(next.token()).isGreaterThan(held.token());
    await().until(() -> held.state() == LeaseState.LOST);
    next.close();
    world.awaitQueue("w", 0);
  }

  @Test
  @Tag("full")
  void acquire_withinATime_failsWithoutLeavingItsPlace() throws Exception {
    NumberedLeases mine = NumberedLeases.named("w", 1, one);
    try (NumberedLease held = mine.acquire(LockWorld.LONG)) {
      assertThatThrownBy(() -> NumberedLeases.named("w", 1, two).acquire(Duration.ofMillis(300)))
          .isInstanceOf(LockTimeoutException.class)
          .hasMessageStartingWith("lock w: not granted within PT0.3S");
      CompletableFuture<NumberedLease> cancelled = mine.acquireAsync();
      cancelled.cancel(true);
      world.awaitQueue("w", 1);
      assertThat(held.isValid()).isTrue();
    }
    world.awaitQueue("w", 0);
    world.awaitNoEntry(one);
    world.awaitNoEntry(two);
  }

  @Test
  @Tag("full")
  void ifFree_aNumberIsFree_runsWithIt() throws Exception {
    NumberedLeases mine = NumberedLeases.named("w", 1, one);
    Optional<Boolean> nested =
        mine.ifFree(lease -> lease.number() == 0 && lease.isValid() && isTaken());
    assertThat(nested).contains(true);
    world.awaitQueue("w", 0);
  }

  private boolean isTaken() {
    try {
      return NumberedLeases.named("w", 1, two).ifFree(lease -> true).isEmpty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void acquire_anotherCountIsStored_failsWithBoth() throws Exception {
    NumberedLease held = NumberedLeases.named("w", 2, one).acquire(LockWorld.LONG);
    for (int count : new int[] {1, 3}) {
      NumberedLeases other = NumberedLeases.named("w", count, two);
      for (CompletableFuture<?> asked :
          List.of(other.acquireAsync(), other.acquireAsync(LockWorld.LONG))) {
        assertThatThrownBy(() -> asked.get(30, TimeUnit.SECONDS))
            .hasCauseInstanceOf(ZkException.class)
            .hasMessageContaining("numbered leases w: " + count + " numbers (expected: 2, ");
      }
      assertThatThrownBy(other::tryAcquire)
          .isInstanceOf(ZkException.class)
          .hasMessageContaining("expected: 2, ");
    }
    assertThat(held.isValid()).isTrue();
    world.awaitQueue("w", 1);
    held.close();
  }

  @Test
  @Tag("full")
  void raise_whileRequestsWait_servesThoseThatKnowTheNewNumbersAndFailsTheOthers()
      throws Exception {
    NumberedLeases old = NumberedLeases.named("w", 1, one);
    NumberedLease held = old.acquire(LockWorld.LONG);
    CompletableFuture<NumberedLease> oldWaits = old.acquireAsync();
    world.awaitQueue("w", 2);
    NumberedLeases more = NumberedLeases.named("w", 3, two);
    more.raise().get(30, TimeUnit.SECONDS);
    more.raise().get(30, TimeUnit.SECONDS); // again, as after a lost answer
    NumberedLease second = more.acquire(LockWorld.LONG);
    NumberedLease third = more.acquire(LockWorld.LONG);
    assertThat(List.of(held.number(), second.number(), third.number()))
        .containsExactlyInAnyOrder(0, 1, 2);
    assertThatThrownBy(() -> oldWaits.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ZkException.class)
        .hasMessageContaining("there are more numbers by now than the 1 of this client");
    assertThat(held.isValid()).isTrue(); // what was held before the raise stays
    assertThatThrownBy(() -> old.raise().get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ZkException.class)
        .hasMessageContaining("1 numbers (expected: 3 or more");
    List.of(held, second, third).forEach(Lease::close);
    world.awaitQueue("w", 0);
  }

  @Test
  @Tag("full")
  void acquire_nameOfAnotherRecipe_isRefusedBothWays() throws Exception {
    try (Lease lock = DistributedLock.named("a", one).acquire(LockWorld.LONG)) {
      CompletableFuture<NumberedLease> asked = NumberedLeases.named("a", 2, two).acquireAsync();
      assertThatThrownBy(() -> asked.get(30, TimeUnit.SECONDS))
          .hasMessageContaining("a lock or semaphore of the same name is in use");
      assertThat(lock.isValid()).isTrue();
    }
    DistributedSemaphore.named("s", 2, one).acquire(1, LockWorld.LONG).close();
    CompletableFuture<NumberedLease> asked = NumberedLeases.named("s", 2, two).acquireAsync();
    assertThatThrownBy(() -> asked.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("is the state of a semaphore (expected: numbers)");
    try (NumberedLease number = NumberedLeases.named("w", 2, one).acquire(LockWorld.LONG)) {
      assertThatThrownBy(() -> DistributedLock.named("w", two).acquire(LockWorld.LONG))
          .hasMessageContaining("numbered leases of the same name are in use");
      assertThat(number.isValid()).isTrue();
    }
  }

  @Test
  @Tag("full")
  void show_ofHeldAndWaiting_tellsTheNumbers() throws Exception {
    NumberedLeases mine = NumberedLeases.named("w", 2, one);
    NumberedLease first = mine.acquire(LockWorld.LONG);
    NumberedLease second = mine.acquire(LockWorld.LONG);
    CompletableFuture<NumberedLease> waiting = NumberedLeases.named("w", 2, two).acquireAsync();
    world.awaitQueue("w", 3);
    LockInspector inspector = LockInspector.in(two);
    LockReport report = inspector.show("w");
    assertThat(report.holders())
        .extracting(LockReport.Entry::number)
        .containsExactly(OptionalInt.of(first.number()), OptionalInt.of(second.number()));
    assertThat(report.holders())
        .extracting(LockReport.Entry::token)
        .containsExactly(first.token(), second.token());
    assertThat(report.waiters()).singleElement().satisfies(waiter -> {
      assertThat(waiter.mode()).isEqualTo(LockReport.Mode.NUMBERED);
      assertThat(waiter.number()).isEmpty();
      assertThat(waiter.permits()).isEqualTo(1);
    });
    assertThat(report.permits()).contains(new LockReport.Permits(2, 2, 0));
    assertThat(inspector.list()).contains("w");
    LockReport onlySecond = new LockReport(
        "w", List.of(report.holders().get(1)), report.permits(), report.sequencesLeft());
    inspector.breakLock(onlySecond);
    assertThat(waiting.get(30, TimeUnit.SECONDS).number()).isEqualTo(second.number());
    await().until(() -> second.state() == LeaseState.LOST);
    assertThat(first.isValid()).isTrue();
    first.close();
    waiting.join().close();
  }

  @Test
  void acquire_freeNumber_isThreeRequestsInTwoRoundTrips() throws Exception {
    FaultProxy proxy = world.proxy();
    NumberedLeases counted = NumberedLeases.named("w", 2, world.clientWithoutTimers(proxy));
    release(counted.acquire(LockWorld.LONG)); // the count is stored from now on
    proxy.resetCounters();
    NumberedLease lease = counted.acquire(LockWorld.LONG);
    assertThat(proxy.recorded()).containsExactly(Op.GET_DATA, Op.GET_CHILDREN, Op.MULTI);
    proxy.resetCounters();
    release(lease);
    assertThat(proxy.recorded()).containsExactly(Op.DELETE);

    proxy.resetCounters();
    proxy.delayReplies(FOREVER);
    CompletableFuture<NumberedLease> asked = counted.acquireAsync();
    await().until(() -> proxy.requests(Op.ANY) == 2); // no claim before the number is known
    proxy.heal();
    release(asked.get(30, TimeUnit.SECONDS));
  }

  @Test
  void tryAcquire_noneIsFree_isTwoReadsInOneRoundTrip() throws Exception {
    FaultProxy proxy = world.proxy();
    NumberedLeases counted = NumberedLeases.named("w", 1, world.clientWithoutTimers(proxy));
    try (NumberedLease held = NumberedLeases.named("w", 1, one).acquire(LockWorld.LONG)) {
      proxy.resetCounters();
      assertThat(counted.tryAcquire()).isEmpty();
      assertThat(proxy.recorded()).containsExactly(Op.GET_DATA, Op.GET_CHILDREN);
      assertThat(held.isValid()).isTrue();
    }
  }

  @Test
  @Tag("full")
  void acquire_noneIsFree_costsAPlaceAndItsWatchAndTheTurnCostsAsAFreeNumberDoes()
      throws Exception {
    FaultProxy proxy = world.proxy();
    NumberedLeases counted = NumberedLeases.named("w", 1, world.clientWithoutTimers(proxy));
    NumberedLease held = NumberedLeases.named("w", 1, one).acquire(LockWorld.LONG);
    proxy.resetCounters();
    CompletableFuture<NumberedLease> asked = counted.acquireAsync();
    await().until(() -> proxy.requests(Op.GET_CHILDREN2) == 1); // with a watch
    assertThat(proxy.recorded())
        .containsExactly(
            Op.GET_DATA, Op.GET_CHILDREN, Op.CREATE2, Op.GET_CHILDREN, Op.GET_CHILDREN2);
    proxy.resetCounters();
    held.close();
    NumberedLease lease = asked.get(30, TimeUnit.SECONDS);
    await().until(() -> proxy.requests(Op.DELETE) == 1); // of the place
    assertThat(proxy.recorded())
        .containsExactly(
            Op.GET_CHILDREN, Op.GET_DATA, Op.GET_CHILDREN, Op.CREATE2, Op.GET_CHILDREN, Op.DELETE);
    release(lease);
  }

  /** A claim that was on its way since before the first one queued takes the number in front of it. */
  @Test
  @Tag("full")
  void acquire_anotherIsFasterAtTheTurn_keepsTheFirstPlace() throws Exception {
    NumberedLease held = NumberedLeases.named("w", 1, one).acquire(LockWorld.LONG);
    FaultProxy proxy = world.proxy();
    ZkClient cut = world.client("cut", proxy, Duration.ofSeconds(30));
    CompletableFuture<NumberedLease> first = NumberedLeases.named("w", 1, cut).acquireAsync();
    world.awaitQueue("w", 2);
    String place = world.queue("w").get(1).path();
    CompletableFuture<NumberedLease> second = NumberedLeases.named("w", 1, two).acquireAsync();
    world.awaitQueue("w", 3);
    proxy.refuse();
    Fault beforeTheClaim = proxy.cutBefore(Op.CREATE2, 1);
    held.close();
    assertThat(beforeTheClaim.await(LockWorld.LONG)).isTrue();
    world.awaitQueue("w", 2);
    world.operate(admin -> {
      admin.create(
          world.queuePath("w") + "/nfaster-",
          new byte[0],
          Ids.OPEN_ACL_UNSAFE,
          CreateMode.EPHEMERAL_SEQUENTIAL);
      proxy.resetCounters();
      proxy.heal();
      await().until(() -> proxy.requests(Op.CREATE2) == 1 && proxy.requests(Op.DELETE) == 1);
      assertThat(world.queue("w")).extracting(ZkNode::path).contains(place);
      assertThat(first).isNotDone();
    }); // the faster one ends with its session
    NumberedLease lease = first.get(30, TimeUnit.SECONDS);
    assertThat(second).isNotDone();
    assertThat(lease.token()).isGreaterThan(held.token());
    lease.close();
    second.get(30, TimeUnit.SECONDS).close();
    world.awaitQueue("w", 0);
    world.awaitNoEntry(cut);
  }

  @Test
  @Tag("full")
  void close_ofTheClientAtAnyStep_endsTheRequest() throws Exception {
    NumberedLease held = NumberedLeases.named("w", 1, one).acquire(LockWorld.LONG);
    for (Op step : new Op[] {Op.GET_DATA, Op.CREATE2, Op.GET_CHILDREN2}) {
      FaultProxy proxy = world.proxy();
      ZkClient closing = world.client("closing", proxy, Duration.ofSeconds(30));
      proxy.resetCounters();
      if (step == Op.GET_DATA) {
        proxy.delayReplies(FOREVER);
      }
      CompletableFuture<NumberedLease> asked =
          NumberedLeases.named("w", 1, closing).acquireAsync();
      await().until(() -> proxy.requests(step) > 0);
      closing.close();
      assertThatThrownBy(() -> asked.get(30, TimeUnit.SECONDS))
          .as("%s", step)
          .hasCauseInstanceOf(ZkException.class);
    }
    assertThat(held.isValid()).isTrue();
    held.close();
    world.awaitQueue("w", 0);
  }

  /** A number that becomes free is news for the first that waits, and for no other. */
  @Test
  @Tag("full")
  void close_manyWait_wakesOnlyTheFirst() throws Exception {
    NumberedLeases holders = NumberedLeases.named("w", 1, one);
    NumberedLease held = holders.acquire(LockWorld.LONG);
    CompletableFuture<NumberedLease> first = NumberedLeases.named("w", 1, two).acquireAsync();
    world.awaitQueue("w", 2);
    FaultProxy secondProxy = world.proxy();
    CompletableFuture<NumberedLease> second = queuedBehind(secondProxy, 3);
    FaultProxy thirdProxy = world.proxy();
    CompletableFuture<NumberedLease> third = queuedBehind(thirdProxy, 4);
    PacketCounts secondBefore = secondProxy.counts();
    PacketCounts thirdBefore = thirdProxy.counts();

    held.close();
    NumberedLease next = first.get(30, TimeUnit.SECONDS);
    world.awaitQueue("w", 3); // the number, and the two that wait
    await().until(() -> secondProxy.counts().minus(secondBefore).watchEvents() >= 1); // first now
    assertThat(thirdProxy.counts().minus(thirdBefore).watchEvents()).isZero();
    assertThat(thirdProxy.counts().minus(thirdBefore).total()).isZero();

    next.close();
    NumberedLease after = second.get(30, TimeUnit.SECONDS);
    after.close();
    NumberedLease last = third.get(30, TimeUnit.SECONDS);
    List<FencingToken> tokens = List.of(held.token(), next.token(), after.token(), last.token());
    assertThat(tokens).isSorted().doesNotHaveDuplicates();
    release(last);
    world.awaitQueue("w", 0);
  }

  /** Waits until the request has read and watches the one ahead. */
  private CompletableFuture<NumberedLease> queuedBehind(FaultProxy proxy, int queue) {
    ZkClient client = world.clientWithoutTimers(proxy);
    proxy.resetCounters();
    CompletableFuture<NumberedLease> asked =
        NumberedLeases.named("w", 1, client).acquireAsync();
    world.awaitQueue("w", queue);
    await().until(() -> proxy.requests(Op.GET_DATA) == 2); // of the count and the one ahead
    return asked;
  }

  @Test
  @Tag("full")
  void named_countOutOfRange_isRefused() {
    for (int count : new int[] {0, -1, NumberedLeases.MOST_NUMBERS + 1}) {
      assertThatThrownBy(() -> NumberedLeases.named("w", count, one))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("count: " + count + " (expected: 1 to 16384)");
    }
  }

  private static void release(Lease lease) throws Exception {
    lease.close();
    lease.released().get(30, TimeUnit.SECONDS);
  }
}
