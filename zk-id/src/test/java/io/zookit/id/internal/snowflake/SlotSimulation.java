package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.id.IdLayout;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One run: some processes hand out ids of one name with four slots, on an ensemble where things go wrong and with clocks that
 * are set forwards and back; then a time of peace in which every process must have ids. The seed decides everything.
 *
 * <p>No id may be handed out twice, and those of one process must increase.
 */
final class SlotSimulation {

  private static final ZkPath ROOT = new ZkPath("/zk");
  private static final long SECOND = VirtualTime.SECOND;
  private static final IdLayout LAYOUT = IdLayout.of(41, 2, 3);
  private static final int MOST_PROCESSES = 4;

  /** A process that hands out ids; another one takes its place when it is killed. */
  private final class Generator {
    final SimulatedClient client;
    SlotHolder holder;
    long last = -1;
    long handedOut;
    boolean refilling;

    Generator(SimulatedClient client) {
      this.client = client;
      this.holder = mutation.holder(client, "n", LAYOUT);
    }

    void act() {
      if (time.chance(0.002)) {
        holder.close();
        holder = mutation.holder(client, "n", LAYOUT);
        last = -1;
        return;
      }
      for (int i = time.below(20); i >= 0; i--) {
        long id = holder.poll();
        if (id < 0) {
          refill(id);
          return;
        }
        onId(this, id);
      }
    }

    private void refill(long code) {
      if (code == SlotHolder.EXHAUSTED && !refilling) {
        refilling = true;
        holder.refill().whenComplete((done, failure) -> {
          refilling = false;
          if (failure != null) {
            Throwable cause = IdCalls.causeOf(failure);
            if (!(cause instanceof IdUnavailableException)
                && !(cause instanceof IllegalStateException)) {
              found("failed: " + cause);
            }
          }
        });
      }
    }
  }

  private final VirtualTime time;
  private final SlotMutation mutation;
  private final SimulatedEnsemble ensemble;
  private final long timeout;
  private final List<Generator> generators = new ArrayList<>();
  private final Set<Long> ids = new HashSet<>();
  private final List<String> findings = new ArrayList<>();
  private boolean peace;

  /** The number of slots that no process needs. */
  private int room;

  private boolean stopped;
  private int made;

  SlotSimulation(long seed, SlotMutation mutation) {
    this.time = new VirtualTime(seed);
    this.mutation = mutation;
    this.ensemble = new SimulatedEnsemble(time);
    this.timeout = time.between(2 * SECOND, 6 * SECOND);
  }

  /** The number of ids that were handed out. */
  int ids() {
    return ids.size();
  }

  /** Runs it and returns its findings; empty if nothing was wrong. */
  List<String> run() {
    int processes = 2 + time.below(MOST_PROCESSES - 1);
    room = MOST_PROCESSES - processes;
    for (int i = 0; i < processes; i++) {
      start();
    }
    ensemble.loseAtRandom(time.between(0, 1_000) / 10_000.0, time.between(0, 1_000) / 10_000.0);
    for (int i = 4 + time.below(16); i > 0; i--) {
      time.within(0, 20 * SECOND, this::fault);
    }
    time.run(Duration.ofSeconds(20));
    ensemble.loseAtRandom(0, 0);
    time.run(Duration.ofSeconds(30));
    requireService();
    peace = true;
    return findings;
  }

  private void start() {
    SimulatedCurator curator = new SimulatedCurator(new VirtualProcess(time), ensemble, timeout);
    SimulatedClient client =
        new SimulatedClient("p" + made++, ROOT, curator, failure -> found("thrown: " + failure));
    Generator generator = new Generator(client);
    generators.add(generator);
    curator.connect();
    keepBusy(generator);
    if (room > 0 && time.chance(0.5)) { // another handle of the session
      room--;
      Generator other = new Generator(client);
      generators.add(other);
      keepBusy(other);
    }
  }

  private void keepBusy(Generator generator) {
    generator.client.process().within(VirtualTime.MILLI, 40 * VirtualTime.MILLI, () -> {
      if (!peace) {
        generator.act();
        keepBusy(generator);
      }
    });
  }

  /** Stops all servers for a while, unless they are stopped already: each start needs a stop of its own. */
  private void restart() {
    if (!stopped) {
      stopped = true;
      ensemble.stop();
      time.within(SECOND / 10, 2 * SECOND, () -> {
        stopped = false;
        ensemble.start();
      });
    }
  }

  private void fault() {
    Generator victim = generators.get(time.below(generators.size()));
    SimulatedCurator curator = victim.client.curator();
    switch (time.below(8)) {
      case 0 -> curator.session().ifPresent(session -> ensemble.end(session.id()));
      case 1 -> victim.client.process().freeze(time.between(0, 9 * SECOND));
      case 2 -> {
        curator.isolate();
        time.within(0, 9 * SECOND, curator::rejoin);
      }
      case 3 ->
        victim.client.connection().ifPresent(connection -> {
          connection.server().lag();
          time.within(0, 3 * SECOND, connection.server()::rejoin);
        });
      case 4 -> restart();
      case 5 -> victim.client.process().shiftWallClock(shift());
      case 6 -> ensemble.shiftWallClock(shift().toMillis());
      default -> {
        curator.kill();
        int handles = generators.size();
        generators.removeIf(each -> each.client == victim.client);
        room += handles - generators.size() - 1;
        start();
      }
    }
  }

  private Duration shift() {
    Duration most = time.chance(0.3) ? Duration.ofDays(400) : Duration.ofMinutes(2);
    return Duration.ofMillis(time.between(-most.toMillis(), most.toMillis()));
  }

  private void onId(Generator by, long id) {
    if (!ids.add(id)) {
      found("id " + id + " twice: tick " + LAYOUT.tickOf(id) + ", slot " + LAYOUT.slotOf(id));
    }
    if (id <= by.last) {
      found("id " + id + " after " + by.last + " in " + by.client);
    }
    by.last = id;
    by.handedOut++;
  }

  private void requireService() {
    for (Generator each : generators) {
      long before = each.handedOut;
      time.run(Duration.ofSeconds(3));
      if (each.handedOut == before) {
        CompletableFuture<Void> refill = each.holder.refill();
        time.run(Duration.ofSeconds(5));
        if (each.handedOut == before) {
          found(each.client + " has no ids in peace: " + refill);
        }
      }
    }
  }

  private void found(String finding) {
    findings.add(Duration.ofNanos(time.nanos()) + " " + finding);
  }
}
