package io.zookit.id.internal.counter;

import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One run: some processes increment one shared value, on an ensemble where things go wrong, and its node is replaced every 40
 * changes; then a time of peace, in which every change must be decided. The seed decides everything.
 *
 * <p>In the end the value must be the number of changes that succeeded, but for those with an unknown outcome.
 */
final class ValueSimulation {

  private static final long SECOND = VirtualTime.SECOND;

  /** A process that increments the value; another one takes its place when it is killed. */
  private final class Incrementer {
    final SimulatedClient client;
    final ValueCell cell;
    boolean busy;

    Incrementer() {
      client = world.client();
      cell = mutation.value(client, "n");
      SharedWorld.onConnected(client, cell::onConnected);
      client.curator().connect();
    }

    void increment() {
      busy = true;
      cell.read().whenComplete((before, failure) -> {
        if (failure != null) {
          end(failure, false);
          return;
        }
        String json = before.value();
        long next = json == null ? 1 : Long.parseLong(json) + 1;
        cell.write(before, Long.toString(next)).whenComplete((changed, lost) -> {
          if (lost != null) {
            end(lost, true);
          } else if (changed) {
            busy = false;
            changes++;
          } else {
            increment();
          }
        });
      });
    }

    private void end(Throwable failure, boolean sent) {
      busy = false;
      Throwable cause = IdCalls.causeOf(failure);
      if (!(cause instanceof IdUnavailableException)) {
        world.found("failed: " + cause);
      } else if (sent && !String.valueOf(cause.getMessage()).contains("nothing was sent")) {
        unknown++;
      }
    }
  }

  private final SharedWorld world;
  private final ValueMutation mutation;
  private final List<Incrementer> incrementers = new ArrayList<>();
  private long changes;
  private long unknown;
  private boolean peace;

  ValueSimulation(long seed, ValueMutation mutation) {
    this.world = new SharedWorld(seed);
    this.mutation = mutation;
  }

  /** The number of changes that succeeded. */
  long changes() {
    return changes;
  }

  /** Runs it and returns its findings; empty if nothing was wrong. */
  List<String> run() {
    VirtualTime time = world.time;
    for (int i = 2 + time.below(2); i > 0; i--) {
      start();
    }
    world.ensemble.loseAtRandom(
        time.between(0, 1_000) / 30_000.0, time.between(0, 1_000) / 30_000.0);
    for (int i = 3 + time.below(9); i > 0; i--) {
      time.within(0, 12 * SECOND, this::fault);
    }
    time.run(Duration.ofSeconds(12));
    peace = true;
    world.ensemble.loseAtRandom(0, 0);
    time.run(Duration.ofSeconds(60));
    for (Incrementer each : incrementers) {
      if (each.busy) {
        world.found(each.client + " has a change that was never decided");
      }
    }
    requireExact();
    return world.findings;
  }

  private void requireExact() {
    Incrementer reader = incrementers.get(0);
    var read = reader.cell.read();
    world.time.run(Duration.ofSeconds(5));
    if (!read.isDone() || read.isCompletedExceptionally()) {
      world.found(reader.client + " reads nothing in peace: " + read);
      return;
    }
    String json = read.join().value();
    long value = json == null ? 0 : Long.parseLong(json);
    if (value < changes || value > changes + unknown) {
      world.found("value " + value + " after " + changes + " changes and " + unknown + " unknown");
    }
  }

  private void start() {
    Incrementer one = new Incrementer();
    incrementers.add(one);
    keepBusy(one);
  }

  private void keepBusy(Incrementer one) {
    one.client.process().within(VirtualTime.MILLI, 60 * VirtualTime.MILLI, () -> {
      if (!peace) {
        if (!one.busy) {
          one.increment();
        }
        keepBusy(one);
      }
    });
  }

  private void fault() {
    Incrementer victim = incrementers.get(world.time.below(incrementers.size()));
    if (world.time.chance(0.2)) {
      victim.client.curator().kill();
      incrementers.remove(victim);
      unknown += victim.busy ? 1 : 0;
      victim.busy = false;
      start();
    } else {
      world.harm(victim.client);
    }
  }
}
