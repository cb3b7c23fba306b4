package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SequenceIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final IdWorld world = new IdWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  private static Sequence sequence(ZkClient client) {
    return Sequence.named("invoice", client).timeout(IdWorld.LONG);
  }

  @Test
  void next_twoProcesses_increasesOverBoth() throws Exception {
    Sequence mine = sequence(one).createFrom(100);
    Sequence theirs = sequence(two).createFrom(7);

    assertThat(mine.next()).isEqualTo(100);
    assertThat(theirs.next()).isEqualTo(101);
    assertThat(mine.next()).isEqualTo(102);
    assertThat(mine.nextAsync().get(60, TimeUnit.SECONDS)).isEqualTo(103);
  }

  @Test
  void next_once_costsOneTransaction() throws Exception {
    FaultProxy proxy = world.proxy();
    Sequence counted = sequence(world.client("counted", proxy)).createFrom(1);
    counted.next();
    proxy.resetCounters();

    counted.next();

    assertThat(proxy.recorded().stream().filter(op -> op != Op.EXISTS)).containsExactly(Op.MULTI);
  }

  @Test
  void next_nameDoesNotExist_isRefused() {
    assertThatThrownBy(() -> sequence(one).next())
        .isInstanceOf(IdNotFoundException.class)
        .hasMessageStartingWith("sequence invoice: does not exist");
  }

  @Test
  void next_nameOfSegments_isRefusedWithBothKinds() throws Exception {
    Segments.named("invoice", one).createFrom(1, 10);

    assertThatThrownBy(() -> sequence(two).next())
        .isInstanceOf(IdMismatchException.class)
        .hasMessage("ids invoice: kind segments (expected: sequence)");
    assertThatThrownBy(() -> sequence(two).createFrom(1)).isInstanceOf(IdMismatchException.class);
  }

  @Test
  @Tag("full")
  void next_answersLost_skipsNumbersAndRepeatsNone() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient faulty = world.client("faulty", proxy);
    Sequence mine = sequence(faulty).createFrom(1);
    long before = mine.next();
    for (int round = 1; round <= 5; round++) {
      Fault lost = proxy.cutAfter(Op.MULTI, 1);

      assertThatThrownBy(mine::next)
          .isInstanceOf(IdUnavailableException.class)
          .hasMessageContaining("1 numbers may be skipped");

      assertThat(lost.landed()).isTrue();
      long number = nextWhenConnected(mine);
      assertThat(number).isBetween(before + 2, before + 10); // the lost one is skipped
      before = number;
    }
  }

  /** Asks again while the loss of the connection is not noticed yet. */
  private static long nextWhenConnected(Sequence sequence) throws InterruptedException {
    for (int tries = 0; ; tries++) {
      try {
        return sequence.next();
      } catch (IdUnavailableException e) {
        assertThat(tries).isLessThan(5);
      }
    }
  }

  @Test
  @Tag("full")
  void increment_ofCuratorWithALostAnswer_countsTwice() throws Exception {
    FaultProxy proxy = world.proxy();
    CuratorFramework curator = world.curator(proxy);
    DistributedAtomicLong control =
        new DistributedAtomicLong(curator, "/control" + System.nanoTime(), new RetryForever(100));
    assertThat(control.increment().postValue()).isEqualTo(1);
    Fault lost = proxy.cutAfter(Op.SET_DATA, 1);

    var counted = control.increment();

    assertThat(lost.landed()).isTrue();
    assertThat(counted.succeeded()).isTrue();
    assertThat(counted.postValue()).isEqualTo(3);
  }

  @Test
  void next_counterReplacedEvery40Steps_repeatsNone() throws Exception {
    ZkClient first = world.clientRollingAt(40, "first");
    ZkClient second = world.clientRollingAt(40, "second");
    sequence(first).createFrom(1);
    List<CompletableFuture<Long>> asked = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      asked.add(sequence(i % 2 == 0 ? first : second).nextAsync());
    }
    Set<Long> numbers = new TreeSet<>();
    for (CompletableFuture<Long> each : asked) {
      assertThat(numbers.add(each.get(60, TimeUnit.SECONDS))).isTrue();
    }

    assertThat(sequence(first).next()).isEqualTo(401);
    assertThat(IdInspector.in(one).show("invoice").generation())
        .as("requests that were under way at the limit pass before the first seal")
        .isGreaterThan(1);
  }

  @Test
  void next_nameDeletedAndCreatedAgain_blocksItForAllUntilItIsRaised() throws Exception {
    Sequence remembers = sequence(one).createFrom(1);
    for (int i = 1; i <= 20; i++) {
      assertThat(remembers.next()).isEqualTo(i);
    }
    world.delete("invoice");
    Sequence forgetful = sequence(world.client("fresh")).createFrom(1);
    assertThat(forgetful.next()).isEqualTo(1);

    assertThatThrownBy(remembers::next)
        .isInstanceOf(IdBlockedException.class)
        .hasMessageContaining("number 2 after number 20");
    assertThatThrownBy(forgetful::next)
        .isInstanceOf(IdBlockedException.class)
        .hasMessageContaining("raised to 21 or more");
    assertThat(IdInspector.in(two).show("invoice").state()).isEqualTo(IdReport.State.BLOCKED);

    assertThat(IdInspector.in(two).raise("invoice", 5).next()).hasValue(21);
    assertThat(forgetful.next()).isEqualTo(21);
    assertThat(remembers.next()).isEqualTo(22);
  }

  @Test
  void createFrom_nameDeletedThatThisProcessRemembers_isRefusedBelowItsNumbers() throws Exception {
    Sequence remembers = sequence(one).createFrom(1);
    assertThat(remembers.next()).isEqualTo(1);
    assertThat(remembers.next()).isEqualTo(2);
    world.delete("invoice");
    assertThatThrownBy(remembers::next).isInstanceOf(IdNotFoundException.class);

    assertThatThrownBy(() -> remembers.createFrom(2))
        .isInstanceOf(IdBlockedException.class)
        .hasMessageContaining("deleted after number 2");
    assertThatThrownBy(() -> sequence(two).next()).isInstanceOf(IdNotFoundException.class);
  }

  @Test
  void next_counterDeleted_blocksTheNameUntilARaiseCreatesIt() throws Exception {
    Sequence mine = sequence(one).createFrom(1);
    assertThat(mine.next()).isEqualTo(1);
    world.operate(admin -> admin.delete(world.path("invoice") + "/~n", -1));

    assertThatThrownBy(mine::next).isInstanceOf(IdBlockedException.class);
    assertThatThrownBy(() -> sequence(two).next()).isInstanceOf(IdBlockedException.class);

    IdInspector.in(two).raise("invoice", 50);
    assertThat(mine.next()).isEqualTo(50);
    assertThat(sequence(two).next()).isEqualTo(51);
  }

  @Test
  void next_counterDeletedAndCreatedAgain_isNoticed() throws Exception {
    Sequence mine = sequence(one).createFrom(1);
    assertThat(mine.next()).isEqualTo(1);
    world.operate(admin -> {
      admin.delete(world.path("invoice") + "/~n", -1);
      admin.create(
          world.path("invoice") + "/~n", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      for (int i = 0; i < 10; i++) {
        admin.setData(world.path("invoice") + "/~n", new byte[0], -1);
      }
    });

    assertThatThrownBy(mine::next)
        .isInstanceOf(IdBlockedException.class)
        .hasMessageContaining("another node in generation 1");
  }

  @Test
  void next_incarnationRaised_isRefusedUntilTheNameIsRaised() throws Exception {
    Sequence mine = sequence(one).createFrom(1);
    assertThat(mine.next()).isEqualTo(1);
    long incarnation = one.raiseIncarnation(1);

    assertThatThrownBy(mine::next)
        .isInstanceOf(IdBlockedException.class)
        .hasMessageContaining("approved in incarnation 1 (expected: " + incarnation);

    IdReport raised = IdInspector.in(one).raise("invoice", 1_000);
    assertThat(raised.incarnation()).isEqualTo(incarnation);
    assertThat(mine.next()).isEqualTo(1_000);
  }

  @Test
  void raise_belowTheNextNumber_lowersNothing() throws Exception {
    Sequence mine = sequence(one).createFrom(500);
    assertThat(mine.next()).isEqualTo(500);

    IdReport raised = IdInspector.in(two).raise("invoice", 10);

    assertThat(raised.next()).hasValue(501);
    assertThat(mine.next()).isEqualTo(501);
  }

  @Test
  void createFrom_badNumbers_areRefused() {
    assertThatThrownBy(() -> sequence(one).createFrom(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first: -1 (expected: 0 or more)");
    assertThatThrownBy(() -> Segments.named("s", one).createFrom(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size: 0 (expected: 1 to 1000000000)");
    assertThatThrownBy(() -> Sequence.named("a/b", one))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void next_numbersUsedUp_isRefusedAndNeverNegative() throws Exception {
    Sequence mine = sequence(one).createFrom(Long.MAX_VALUE - 1);
    assertThat(mine.next()).isEqualTo(Long.MAX_VALUE - 1);
    assertThat(mine.next()).isEqualTo(Long.MAX_VALUE);

    assertThatThrownBy(mine::next)
        .isInstanceOf(IdBlockedException.class)
        .hasMessageContaining("used up");
  }
}
