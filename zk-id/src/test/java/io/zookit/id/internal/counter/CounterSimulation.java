package io.zookit.id.internal.counter;

import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One run: some processes add to one counter and read its sum, on an ensemble where things go wrong; then a time of peace, in
 * which every addition must be decided. The seed decides everything.
 *
 * <p>A sum must be at least what had been counted before it was requested, and at most what had been begun when it was
 * answered; in peace it must be exact, but for what killed processes left open.
 */
final class CounterSimulation {

  private static final long SECOND = VirtualTime.SECOND;

  /** A process that adds; another one takes its place when it is killed. */
  private final class Adder {
    final SimulatedClient client;
    final SharedCounter counter;
    long open;

    Adder() {
      client = world.client();
      counter = mutation.counter(client, "n");
      SharedWorld.onConnected(client, counter::onConnected);
      client.curator().connect();
    }

    void act() {
      if (world.time.chance(0.15)) {
        sum();
      } else {
        for (int i = world.time.below(3); i >= 0; i--) {
          add(1 + world.time.below(5));
        }
      }
    }

    private void add(long amount) {
      begun += amount;
      open += amount;
      counter.add(amount).whenComplete((done, failure) -> {
        open -= amount;
        if (failure == null) {
          counted += amount;
          additions++;
          return;
        }
        Throwable cause = IdCalls.causeOf(failure);
        if (!(cause instanceof IdUnavailableException)) {
          world.found("failed: " + cause);
        } else if (String.valueOf(cause.getMessage()).contains("nothing was sent")) {
          begun -= amount;
        } else {
          world.found("undecided: " + cause.getMessage());
        }
      });
    }

    CompletableFuture<Long> sum() {
      long least = counted;
      return counter.sum().whenComplete((sum, failure) -> {
        if (failure != null) {
          return;
        }
        if (sum < least || sum > begun) {
          world.found("sum " + sum + " of " + client + ", while " + least
              + " were counted before it and " + begun + " begun after it");
        }
      });
    }
  }

  private final SharedWorld world;
  private final CounterMutation mutation;
  private final List<Adder> adders = new ArrayList<>();
  private long begun;
  private long counted;
  private long additions;
  private boolean peace;

  CounterSimulation(long seed, CounterMutation mutation) {
    this.world = new SharedWorld(seed);
    this.mutation = mutation;
  }

  /** The number of additions that were counted. */
  long additions() {
    return additions;
  }

  /** Runs it and returns its findings; empty if nothing was wrong. */
  List<String> run() {
    VirtualTime time = world.time;
    for (int i = 2 + time.below(3); i > 0; i--) {
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
    for (Adder each : adders) {
      if (each.open != 0) {
        world.found(each.client + " has additions that were never decided");
      }
      CompletableFuture<Long> sum = each.sum();
      time.run(Duration.ofSeconds(5));
      if (!sum.isDone() || sum.isCompletedExceptionally()) {
        world.found(each.client + " reads no sum in peace: " + sum);
      }
    }
    return world.findings;
  }

  private void start() {
    Adder adder = new Adder();
    adders.add(adder);
    keepBusy(adder);
  }

  private void keepBusy(Adder adder) {
    adder.client.process().within(VirtualTime.MILLI, 60 * VirtualTime.MILLI, () -> {
      if (!peace) {
        adder.act();
        keepBusy(adder);
      }
    });
  }

  private void fault() {
    Adder victim = adders.get(world.time.below(adders.size()));
    if (world.time.chance(0.2)) {
      victim.client.curator().kill();
      adders.remove(victim);
      start();
    } else {
      world.harm(victim.client);
    }
  }
}
