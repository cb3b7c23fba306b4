package io.zookit.id.internal.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.id.IdLayout;
import io.zookit.id.internal.record.IdNode;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
      SimulatedCurator curator =
          new SimulatedCurator(new VirtualProcess(time), ensemble, 3 * VirtualTime.SECOND);
      client = new SimulatedClient("p", ROOT, curator, failure -> {
        throw new AssertionError(failure);
      });
      holder = new SlotHolder(client, new IdNode(client, "n"), layout);
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
}
