package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.ZKUtil;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SnowflakeIT {

  private static final IdLayout FEW = IdLayout.of(41, 2, 12);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final IdWorld world = new IdWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  private Snowflake snowflake(ZkClient client, IdLayout layout) {
    return world.keep(
        Snowflake.named("orders", client).layout(layout).timeout(IdWorld.LONG).build());
  }

  @Test
  void next_twoProcesses_haveSlotsOfTheirOwn() throws Exception {
    Snowflake mine = snowflake(one, FEW);
    Snowflake theirs = snowflake(two, FEW);
    Set<Long> ids = new HashSet<>();
    long before = 0;
    for (int i = 0; i < 1_000; i++) {
      long id = mine.next();
      assertThat(id).isGreaterThan(before);
      before = id;
      ids.add(id);
      ids.add(theirs.next());
    }
    assertThat(ids).hasSize(2_000);
    assertThat(FEW.slotOf(mine.next())).isNotEqualTo(FEW.slotOf(theirs.next()));
    assertThat(FEW.slotOf(snowflake(one, FEW).next())).isEqualTo(FEW.slotOf(mine.next()));
  }

  @Test
  void next_manyThreads_repeatsNone() throws Exception {
    Snowflake mine = snowflake(one, FEW);
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<long[]> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      long[] ids = new long[50_000];
      all.add(ids);
      Thread thread = new Thread(() -> {
        try {
          for (int n = 0; n < ids.length; n++) {
            ids[n] = mine.next();
          }
        } catch (Throwable e) {
          failures.add(e);
        }
      });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join(120_000);
    }
    assertThat(failures).isEmpty();
    Set<Long> distinct = new HashSet<>();
    for (long[] ids : all) {
      for (long id : ids) {
        distinct.add(id);
      }
    }
    assertThat(distinct).hasSize(200_000);
  }

  @Test
  @Tag("full")
  void close_slotIsGivenBack_andTheNextOwnerBeginsBehindIt() throws Exception {
    List<Snowflake> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(snowflake(world.client("p" + i), FEW));
      all.get(i).next();
    }
    Snowflake fifth = Snowflake.named("orders", one)
        .layout(FEW)
        .timeout(Duration.ofSeconds(5))
        .build();
    assertThatThrownBy(fifth::next)
        .isInstanceOf(IdUnavailableException.class)
        .hasMessageContaining("all 4 slots are in use");
    long last = all.get(2).next();

    all.get(2).close();

    long first = await() // the slot is given back a moment later
        .ignoreException(IdUnavailableException.class)
        .until(fifth::next, id -> true);
    assertThat(FEW.slotOf(first)).isEqualTo(FEW.slotOf(last));
    assertThat(first).isGreaterThan(last);
    assertThatThrownBy(() -> all.get(2).next()).isInstanceOf(IllegalStateException.class);
    fifth.close();
  }

  @Test
  void next_otherLayoutOrKind_isRefusedWithBoth() throws Exception {
    snowflake(one, FEW).next();
    Snowflake other = snowflake(two, IdLayout.of(41, 3, 12));

    assertThatThrownBy(other::next)
        .isInstanceOf(IdMismatchException.class)
        .hasMessageContaining("layout 41-3-12 bits")
        .hasMessageContaining("expected: 41-2-12 bits");
    assertThatThrownBy(() -> snowflake(one, IdLayout.of(41, 3, 12)))
        .isInstanceOf(IdMismatchException.class);
    assertThatThrownBy(() -> Sequence.named("orders", two).next())
        .isInstanceOf(IdMismatchException.class)
        .hasMessage("ids orders: kind snowflake (expected: sequence)");
    assertThatThrownBy(() -> IdInspector.in(two).raise("orders", 1))
        .isInstanceOf(IdMismatchException.class);
  }

  @Test
  @Tag("full")
  void next_answersLost_repeatsNoId() throws Exception {
    FaultProxy proxy = world.proxy();
    Snowflake mine = snowflake(world.client("faulty", proxy), FEW);
    Snowflake theirs = snowflake(two, FEW);
    Set<Long> ids = new HashSet<>();
    int count = 0;
    for (int round = 0; round < 4; round++) {
      Fault lost = proxy.cutAfter(Op.MULTI, 1);
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!lost.landed() && System.nanoTime() < end) {
        try {
          ids.add(mine.next());
          count++;
        } catch (IdUnavailableException e) {
          assertThat(e).hasMessageContaining("ids may be skipped");
        }
        ids.add(theirs.next());
        count++;
      }
      assertThat(lost.landed()).isTrue();
    }
    assertThat(ids).hasSize(count);
  }

  @Test
  void next_incarnationRaised_goesOnBehindAllWindows() throws Exception {
    Snowflake mine = snowflake(one, FEW);
    long before = mine.next();
    one.raiseIncarnation(1);

    long after = mine.next();

    assertThat(after).isGreaterThan(before);
    assertThat(FEW.tickOf(after)).isGreaterThan(FEW.tickOf(before) + 60_000);
    IdReport report = IdInspector.in(one).show("orders");
    assertThat(report.kind()).isEqualTo("snowflake");
    assertThat(report.generation()).isEqualTo(2);
    assertThat(report.incarnation()).isEqualTo(one.incarnation());
  }

  @Test
  void next_markDeleted_isRefusedAndNotCreatedAgain() throws Exception {
    Snowflake mine = snowflake(one, IdLayout.of(41, 1, 12));
    long id = mine.next();
    for (int slot = 0; slot < 2; slot++) {
      String mark = world.path("orders") + "/~w/" + slot;
      world.operate(admin -> admin.delete(mark, -1));
    }
    assertThat(id).isPositive();

    assertThatThrownBy(() -> snowflake(two, IdLayout.of(41, 1, 12)).next())
        .isInstanceOf(IdBlockedException.class)
        .hasMessageContaining("is not created again");
  }

  @Test
  @Tag("full")
  void next_allSlotsInUse_isRefusedWithTheOwners() throws Exception {
    IdLayout two = IdLayout.of(41, 1, 12);
    snowflake(one, two).next();
    snowflake(this.two, two).next();
    ZkClient late = world.client("late");
    Snowflake none = world.keep(Snowflake.named("orders", late)
        .layout(two)
        .timeout(Duration.ofSeconds(10))
        .build());

    assertThatThrownBy(none::next)
        .isInstanceOf(IdUnavailableException.class)
        .hasMessageContaining("all 2 slots are in use: 0 by ")
        .hasMessageContaining("one (pid " + ProcessHandle.current().pid() + ")")
        .hasMessageContaining("two (pid ");
  }

  @Test
  @Tag("full")
  void next_nameDeletedWhileInUse_newOneNeverMeetsItsWindows() throws Exception {
    Snowflake before = snowflake(one, FEW);
    Set<Long> ids = new HashSet<>();
    assertThat(ids.add(before.next())).isTrue();
    world.operate(admin -> ZKUtil.deleteRecursive(admin, world.path("orders")));
    Snowflake after = snowflake(two, FEW);

    for (int i = 0; i < 2_000; i++) {
      assertThat(ids.add(after.next())).isTrue();
      assertThat(ids.add(nextOrFresh(before, after))).isTrue();
    }
  }

  /** The next id of the process that lost its name while it has some left, then of the other one. */
  private static long nextOrFresh(Snowflake before, Snowflake after) throws InterruptedException {
    try {
      return before.next();
    } catch (IdBlockedException | IdMismatchException e) {
      return after.next();
    }
  }

  @Test
  @Tag("full")
  void changeLayout_whileInUse_idsOfTheNewOneAreGreater() throws Exception {
    IdLayout wider = IdLayout.of(41, 3, 10).tick(Duration.ofMillis(2));
    Snowflake before = snowflake(one, FEW);
    Set<Long> ids = new HashSet<>();
    long greatest = 0;
    for (int i = 0; i < 100; i++) {
      greatest = before.next();
      assertThat(ids.add(greatest)).isTrue();
    }

    IdReport changed = IdInspector.in(two).timeout(IdWorld.LONG).changeLayout("orders", wider);

    assertThat(changed.layout()).contains(wider);
    assertThat(changed.state()).isEqualTo(IdReport.State.OPEN);
    Snowflake after = snowflake(two, wider);
    for (int i = 0; i < 100; i++) {
      long id = after.next();
      assertThat(ids.add(id)).isTrue();
      assertThat(id).isGreaterThan(greatest);
    }
    assertThatThrownBy(() -> snowflake(world.client("old"), FEW).next())
        .isInstanceOf(IdMismatchException.class);
    assertThat(IdInspector.in(two).changeLayout("orders", wider).generation())
        .as("the same layout again changes nothing")
        .isEqualTo(changed.generation());
  }
}
