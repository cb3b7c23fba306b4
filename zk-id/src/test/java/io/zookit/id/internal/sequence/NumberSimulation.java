package io.zookit.id.internal.sequence;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedCurator;
import io.zookit.testkit.internal.sim.SimulatedEnsemble;
import io.zookit.testkit.internal.sim.VirtualProcess;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * One run: some processes allocate numbers of one name on an ensemble where things go wrong, and its counter is replaced every
 * 40 steps; then a time of peace in which every process must be served. The seed decides everything.
 *
 * <p>No two allocations may have a number in common, and one that begins after another has ended must have greater numbers.
 * In some runs an older copy of the data is put in place: then a process that remembers must refuse what it knows.
 */
final class NumberSimulation {

  private static final ZkPath ROOT = new ZkPath("/zk");
  private static final long SECOND = VirtualTime.SECOND;
  private static final int ROLL_AT = 40;
  private static final String NAME = "n";

  /** A process that allocates; another one takes its place when it is killed. */
  private final class Allocator {
    final SimulatedClient client;
    final NumberLine line;
    final List<CompletableFuture<?>> requests = new ArrayList<>();
    long highest = -1;

    Allocator(SimulatedClient client) {
      this.client = client;
      this.line = mutation.line(client, NAME, IdRecord.SEGMENTS, ROLL_AT);
    }

    void act() {
      if (time.chance(0.02)) {
        pending(line.raise(time.below(2_000)).thenApply(open -> null));
      } else if (time.chance(0.03)) {
        pending(line.resize(1 + time.below(7)).thenApply(open -> null));
      } else {
        for (int i = time.below(3); i >= 0; i--) {
          allocate(1 + time.below(3));
        }
      }
    }

    CompletableFuture<NumberRange> allocate(int steps) {
      long before = greatest;
      CompletableFuture<NumberRange> allocated = line.allocate(steps);
      pending(allocated.thenAccept(range -> onAllocated(this, before, range)));
      return allocated;
    }

    private void pending(CompletableFuture<?> request) {
      requests.add(request.exceptionally(failure -> {
        Throwable cause = IdCalls.causeOf(failure);
        if (!(cause instanceof IdUnavailableException) && !restored) {
          found("failed: " + cause);
        }
        return null;
      }));
    }
  }

  private final VirtualTime time;
  private final NumberMutation mutation;
  private final boolean restores;
  private final SimulatedEnsemble ensemble;
  private final long timeout;
  private final List<Allocator> allocators = new ArrayList<>();
  private final TreeMap<Long, Long> handedOut = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private long greatest = -1;
  private long numbers;
  private boolean peace;
  private boolean stopped;
  private boolean restored;
  private int made;

  NumberSimulation(long seed, NumberMutation mutation) {
    this.time = new VirtualTime(seed);
    this.mutation = mutation;
    this.restores = mutation == NumberMutation.MEMORY_IGNORED || time.chance(0.2);
    this.ensemble = new SimulatedEnsemble(time);
    this.timeout = time.between(2 * SECOND, 6 * SECOND);
  }

  /** The number of numbers that were handed out. */
  long numbers() {
    return numbers;
  }

  /** Runs it and returns its findings; empty if nothing was wrong. */
  List<String> run() {
    int processes = 2 + time.below(3);
    for (int i = 0; i < processes; i++) {
      start();
    }
    createName();
    if (!restores) {
      ensemble.loseAtRandom(time.between(0, 1_000) / 30_000.0, time.between(0, 1_000) / 30_000.0);
    }
    for (Allocator each : List.copyOf(allocators)) {
      keepBusy(each);
    }
    for (int i = 2 + time.below(8); i > 0 && !restores; i--) {
      time.within(0, 10 * SECOND, this::fault);
    }
    if (restores) {
      restoreOnce();
    }
    time.run(Duration.ofSeconds(10));
    peace = true;
    ensemble.loseAtRandom(0, 0);
    time.run(Duration.ofSeconds(60));
    allocators.stream()
        .filter(each -> each.requests.stream().anyMatch(request -> !request.isDone()))
        .forEach(each -> found("a request of " + each.client + " was never answered"));
    if (!restored) {
      requireService();
    }
    return findings;
  }

  private void createName() {
    CompletableFuture<Void> created;
    int tries = 0;
    do {
      time.run(Duration.ofSeconds(1));
      created = allocators.get(0).line.create(1, 3);
      time.run(Duration.ofSeconds(1));
    } while ((!created.isDone() || created.isCompletedExceptionally()) && tries++ < 20);
    if (!created.isDone() || created.isCompletedExceptionally()) {
      found("the name could not be created: " + created);
    }
  }

  private Allocator start() {
    SimulatedCurator curator = new SimulatedCurator(new VirtualProcess(time), ensemble, timeout);
    SimulatedClient client =
        new SimulatedClient("p" + made++, ROOT, curator, failure -> found("thrown: " + failure));
    Allocator allocator = new Allocator(client);
    allocators.add(allocator);
    curator.connect();
    return allocator;
  }

  private void keepBusy(Allocator allocator) {
    allocator.client.process().within(VirtualTime.MILLI, 60 * VirtualTime.MILLI, () -> {
      if (!peace) {
        allocator.act();
        keepBusy(allocator);
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
    Allocator victim = allocators.get(time.below(allocators.size()));
    SimulatedCurator curator = victim.client.curator();
    switch (time.below(6)) {
      case 0 -> curator.session().ifPresent(session -> ensemble.end(session.id()));
      case 1 -> victim.client.process().freeze(time.between(0, 8 * SECOND));
      case 2 -> {
        curator.isolate();
        time.within(0, 4 * SECOND, curator::rejoin);
      }
      case 3 ->
        victim.client.connection().ifPresent(connection -> {
          connection.server().lag();
          time.within(0, 3 * SECOND, connection.server()::rejoin);
        });
      case 4 -> restart();
      default -> {
        curator.kill();
        allocators.remove(victim);
        keepBusy(start());
      }
    }
  }

  /** Puts a copy of the data in place that is some seconds old. */
  private void restoreOnce() {
    time.within(SECOND, 3 * SECOND, () -> {
      SimulatedEnsemble.Snapshot copy = ensemble.snapshot();
      time.within(SECOND, 4 * SECOND, () -> {
        restored = true;
        ensemble.restore(copy);
        ensemble.start();
      });
    });
  }

  private void onAllocated(Allocator by, long before, NumberRange range) {
    numbers += range.last() - range.first() + 1;
    if (range.first() <= by.highest) {
      found(range + " for a process that has " + by.highest);
    }
    by.highest = range.last();
    if (restored) {
      return; // a process that did not know of numbers beyond the copy cannot tell
    }
    if (range.first() <= before) {
      found(range + " after " + before + " was handed out");
    }
    Map.Entry<Long, Long> below = handedOut.floorEntry(range.last());
    if (below != null && below.getValue() >= range.first()) {
      found(range + " overlaps " + below);
    }
    handedOut.put(range.first(), range.last());
    greatest = Math.max(greatest, range.last());
  }

  private void requireService() {
    for (Allocator each : allocators) {
      CompletableFuture<NumberRange> last = each.allocate(1);
      time.run(Duration.ofSeconds(10));
      if (!last.isDone() || last.isCompletedExceptionally()) {
        found(each.client + " is not served in peace: " + last);
      }
    }
  }

  private void found(String finding) {
    findings.add(Duration.ofNanos(time.nanos()) + " " + finding);
  }
}
