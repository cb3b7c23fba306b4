package io.zookit.id.internal.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.id.IdLayout;
import io.zookit.id.IdMismatchException;
import io.zookit.id.internal.record.IdNode;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Situations of slots on a simulated ensemble, in virtual time. */
class SlotScenariosTest {

  private static final ZkPath ROOT = new ZkPath("/zk");

  private final VirtualTime time = new VirtualTime(7);
  private final SimulatedEnsemble ensemble = new SimulatedEnsemble(time);

  /** A process with a slot. */
  private final class SlotUser {
    final SimulatedClient client;
    final SlotHolder holder;

    SlotUser(IdLayout layout) {
      this(layout, client -> new SlotNodes(client, new IdNode(client, "n"), layout));
    }

    SlotUser(IdLayout layout, Function<CoreClient, SlotNodes> nodes) {
      SimulatedCurator curator =
          new SimulatedCurator(new VirtualProcess(time), ensemble, 3 * VirtualTime.SECOND);
      client = new SimulatedClient("p", ROOT, curator, failure -> {
        throw new AssertionError(failure);
      });
      holder = new SlotHolder(client, nodes.apply(client), layout);
      curator.connect();
    }

    /** Lets time pass until there is an id. */
    long next() {
      for (int i = 0; i < 10_000; i++) {
        long id = holder.poll();
        if (id >= 0) {
          return id;
        }
        if (id == SlotHolder.EXHAUSTED) {
          holder.refill().exceptionally(failure -> null);
        }
        time.run(Duration.ofMillis(10));
      }
      throw new AssertionError("no id within 100 s");
    }
  }

  private long mark(int slot) {
    byte[] data =
        Objects.requireNonNull(ensemble.tree().find(ROOT + "/ids/n/~w/" + slot)).data();
    return ((Decoded.Value<WindowRecord>) WindowRecord.CODEC.decode(data))
        .value()
        .until();
  }

  @Test
  @Tag("full")
  void crashLoop_fewFreeSlots_marksStayWithinSeconds() {
    IdLayout layout = IdLayout.of(41, 2, 12);
    Set<Long> ids = new HashSet<>();
    long greatest = 0;
    for (int start = 0; start < 300; start++) {
      SlotUser user = new SlotUser(layout);
      long id = user.next();
      assertThat(ids.add(id)).isTrue();
      greatest = layout.ticksAt(time.now());
      user.client.curator().kill();
    }
    // The base is two of the longest windows ahead of the creation, which the clock has passed by
    // now.
    for (int slot = 0; slot < layout.slots(); slot++) {
      assertThat(mark(slot) - greatest).isLessThan(10_000);
    }
  }

  @Test
  @Tag("full")
  void firstStart_manyProcessesAtOnce_requestsGrowWithTheirNumber() {
    IdLayout layout = IdLayout.of(41, 8, 12);
    AtomicInteger requests = new AtomicInteger();
    ensemble.loseRequests((from, request) -> {
      requests.incrementAndGet();
      return false;
    });
    new SlotUser(layout).next(); // creates the name
    requests.set(0);
    List<SlotUser> users = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      users.add(new SlotUser(layout));
    }
    time.run(Duration.ofSeconds(1));
    users.forEach(user -> user.holder.refill().exceptionally(failure -> null));
    Set<Integer> slots = new HashSet<>();
    users.forEach(user -> assertThat(slots.add(layout.slotOf(user.next()))).isTrue());
    assertThat(requests.get()).isLessThan(128 * 40);
  }

  @Test
  void stopped_pastItsSessionAndItsWindow_neverMeetsItsSuccessor() {
    IdLayout layout = IdLayout.of(41, 1, 12);
    SlotUser stopped = new SlotUser(layout);
    SlotUser other = new SlotUser(layout);
    Set<Long> ids = new HashSet<>();
    for (int round = 0; round < 20; round++) {
      assertThat(ids.add(stopped.next())).isTrue();
      assertThat(ids.add(other.next())).isTrue();
      stopped.client.process().freeze(Duration.ofSeconds(30).toNanos());
      time.run(Duration.ofSeconds(10));
      SlotUser successor = new SlotUser(layout); // takes the slot of the stopped one
      for (int i = 0; i < 50; i++) {
        assertThat(ids.add(successor.next())).isTrue();
        time.run(Duration.ofMillis(50));
      }
      successor.client.curator().kill();
      time.run(Duration.ofSeconds(25));
      for (int i = 0; i < 50; i++) {
        assertThat(ids.add(stopped.next())).isTrue();
        time.run(Duration.ofMillis(50));
      }
    }
  }

  private static final IdLayout BEFORE = IdLayout.of(41, 2, 3);
  private static final IdLayout AFTER = IdLayout.of(44, 1, 2);

  @Test
  void relayout_besideZombie_idsOfTheNewLayoutAreGreater() {
    relayout(client -> new SlotNodes(client, new IdNode(client, "n"), AFTER), (before, after) -> {
      assertThat(before).hasSizeGreaterThan(100);
      assertThat(Collections.min(after)).isGreaterThan(Collections.max(before));
    });
  }

  /** The control: the layout is changed, and ticks go on as if they were those of the layout before. */
  @Test
  void relayout_withoutANewBase_idsAreNotGreater() {
    relayout(
        client -> new SlotNodes(client, new IdNode(client, "n"), AFTER) {
          @Override
          long baseAfter(long id) {
            return 0;
          }
        },
        (before, after) -> assertThat(Collections.min(after)).isLessThan(Collections.max(before)));
  }

  /** Changes the layout while a process with the one before is stopped, which goes on with its window later. */
  private void relayout(
      Function<CoreClient, SlotNodes> next, BiConsumer<Set<Long>, Set<Long>> compare) {
    SlotUser zombie = new SlotUser(BEFORE);
    Set<Long> before = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      assertThat(before.add(zombie.next())).isTrue();
    }
    zombie.client.process().freeze(Duration.ofSeconds(20).toNanos());
    SlotUser user = new SlotUser(AFTER, next);
    time.run(Duration.ofSeconds(1));
    CompletableFuture<?> changed = next.apply(user.client)
        .changeLayout(user.client.handle().orElseThrow(), AuditedChange.of("id.layout", "n"));
    time.run(Duration.ofSeconds(5));
    assertThat(changed).isCompleted();
    Set<Long> after = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      assertThat(after.add(user.next())).isTrue();
    }
    time.run(Duration.ofSeconds(20));
    long id = zombie.holder.poll();
    for (int i = 0; i < 100_000 && id >= 0; i++) {
      assertThat(before.add(id)).isTrue();
      id = zombie.holder.poll();
    }
    CompletableFuture<Void> refused = zombie.holder.refill();
    time.run(Duration.ofSeconds(5));
    assertThat(refused)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(IdMismatchException.class);
    compare.accept(before, after);
  }
}
