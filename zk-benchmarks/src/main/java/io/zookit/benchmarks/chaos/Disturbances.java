package io.zookit.benchmarks.chaos;

import io.zookit.testkit.Op;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The faults of an experiment on clients with a lock. */
final class Disturbances {

  static final String PAUSE = "pause inside the section";

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final List<Op> CUTS = List.of(Op.CREATE2, Op.GET_CHILDREN, Op.DELETE);

  private Disturbances() {}

  /** SIGSTOP for longer than the session, between the read and the write of the counter. */
  static Disturbance pauseInside() {
    return named(PAUSE, (arena, random) -> {
      Optional<Member> caught = catchReader(arena, reader -> reader.child().pause());
      if (caught.isEmpty()) {
        return new Disturbance.Hit("nobody", false);
      }
      Member member = caught.get();
      long expired = arena.servers().expiredSessions();
      Stopwatch.pause(Arena.SESSION.plus(Arena.TWO_TICKS).plus(upTo(1500, random)));
      member.child().resume();
      boolean landed = Stopwatch.await(PATIENCE, () -> arena.servers().expiredSessions() > expired);
      return new Disturbance.Hit(member.toString(), landed);
    });
  }

  /** kill -9 between the read and the write. */
  static Disturbance killInside() {
    return named("kill -9 inside the section", (arena, random) -> {
      Optional<Member> caught = catchReader(arena, reader -> reader.child().kill());
      if (caught.isEmpty()) {
        return new Disturbance.Hit("nobody", false);
      }
      Member member = caught.get();
      member.replace();
      return new Disturbance.Hit(member.toString(), true);
    });
  }

  /** kill -9 at any moment. */
  static Disturbance kill() {
    return named("kill -9 of a client", (arena, random) -> {
      Member member = arena.any(random);
      boolean alive = member.child().isAlive();
      member.replace();
      return new Disturbance.Hit(member.toString(), alive);
    });
  }

  /** Nothing passes between one client and all servers, for longer than its session. */
  static Disturbance isolate() {
    return named("partition of a client", (arena, random) -> {
      Member member = arena.any(random);
      long expired = arena.servers().expiredSessions();
      member.isolate();
      boolean landed = Stopwatch.await(
          Arena.SESSION.plus(Arena.TWO_TICKS).multipliedBy(2),
          () -> arena.servers().expiredSessions() > expired);
      Stopwatch.pause(upTo(1000, random));
      member.heal();
      return new Disturbance.Hit(member.toString(), landed);
    });
  }

  /** All connections of a client are closed. */
  static Disturbance cut() {
    return named("connection cut", (arena, random) -> {
      Member member = arena.any(random);
      return new Disturbance.Hit(member.toString(), member.cut() > 0);
    });
  }

  /** A connection ends right before a request or in place of its answer. */
  static Disturbance cutAtRequest() {
    return named("cut at a request", (arena, random) -> {
      Member member = arena.any(random);
      Op op = CUTS.get(random.nextInt(CUTS.size()));
      boolean landed = member.cutAt(op, random.nextBoolean(), Duration.ofSeconds(3));
      return new Disturbance.Hit(member + " " + op, landed);
    });
  }

  /** kill -9 of the leader, which comes back a little later. */
  static Disturbance killLeader() {
    return named(
        "kill -9 of the leader",
        (arena, random) -> hitLeader(arena, leader -> {
          arena.servers().kill(leader);
          Stopwatch.pause(upTo(2500, random));
          arena.servers().restart(leader);
        }));
  }

  /** The leader stands still until there is another. */
  static Disturbance pauseLeader() {
    return named(
        "pause of the leader",
        (arena, random) -> hitLeader(arena, leader -> {
          arena.servers().pause(leader);
          Stopwatch.pause(Duration.ofSeconds(3).plus(upTo(1500, random)));
          arena.servers().resume(leader);
        }));
  }

  /** Two of three servers are gone for a while. */
  static Disturbance loseQuorum() {
    return named(
        "quorum lost",
        (arena, random) -> hitLeader(arena, leader -> {
          int other = (leader + 1) % arena.servers().size();
          arena.servers().kill(leader);
          arena.servers().kill(other);
          Stopwatch.pause(Duration.ofSeconds(1).plus(upTo(3000, random)));
          arena.servers().restart(leader);
          arena.servers().restart(other);
        }));
  }

  private interface OnLeader {
    void hit(int leader) throws InterruptedException;
  }

  private static Disturbance.Hit hitLeader(Arena arena, OnLeader fault)
      throws InterruptedException {
    ZkProcesses servers = arena.servers();
    if (!servers.awaitServing(PATIENCE) || servers.awaitLeader(PATIENCE).isEmpty()) {
      return new Disturbance.Hit("no leader", false);
    }
    int leader = servers.leader().orElse(0);
    long elections = servers.elections();
    fault.hit(leader);
    boolean landed = Stopwatch.await(PATIENCE, () -> servers.elections() > elections);
    return new Disturbance.Hit("server " + leader, landed);
  }

  private static Optional<Member> catchReader(Arena arena, Consumer<Member> hit)
      throws InterruptedException {
    CompletableFuture<Member> reader = new CompletableFuture<>();
    arena.counter().trapNextReader(life -> {
      Member member = arena.ofLife(life);
      hit.accept(member);
      reader.complete(member);
    });
    try {
      return Optional.of(reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      return arena.counter().disarm() ? Optional.empty() : Optional.of(reader.join());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Duration upTo(int millis, Random random) {
    return Duration.ofMillis(random.nextInt(millis));
  }

  private interface Cause {
    Disturbance.Hit cause(Arena arena, Random random) throws InterruptedException;
  }

  private static Disturbance named(String kind, Cause cause) {
    return new Disturbance() {
      @Override
      public String kind() {
        return kind;
      }

      @Override
      public Hit cause(Arena arena, Random random) throws InterruptedException {
        return cause.cause(arena, random);
      }
    };
  }
}
