package io.zookit.chaos;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Faults that meet a client of {@link Ground} between its read and its write of the counter. */
final class InsideFaults {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private InsideFaults() {}

  /** SIGSTOP for longer than the session. */
  static Disturbance pause(Ground ground, CounterService counter) {
    return Disturbance.named("pause inside the section", random -> {
      Optional<Member> caught =
          catchReader(ground, counter, reader -> reader.child().pause());
      if (caught.isEmpty()) {
        return new Disturbance.Hit("nobody", false);
      }
      Member member = caught.get();
      long expired = ground.servers().expiredSessions();
      Stopwatch.pause(Ground.SESSION.plus(Ground.TWO_TICKS).plusMillis(random.nextInt(1500)));
      member.child().resume();
      boolean landed =
          Stopwatch.await(PATIENCE, () -> ground.servers().expiredSessions() > expired);
      return new Disturbance.Hit(member.toString(), landed);
    });
  }

  /**
   * Stops a holder with SIGSTOP until its session has expired and another client has gone on: its write comes too
   * late, and must be refused.
   */
  static Disturbance outlive(Ground ground, CounterService counter) {
    return Disturbance.named("pause until others go on", random -> {
      long expired = ground.servers().expiredSessions();
      Optional<Member> caught =
          catchReader(ground, counter, reader -> reader.child().pause());
      if (caught.isEmpty()) {
        return new Disturbance.Hit("nobody", false);
      }
      Member member = caught.get();
      boolean over = Disturbances.awaitExpiry(ground, expired);
      long accepted = counter.accepted();
      boolean others = Stopwatch.await(PATIENCE, () -> counter.accepted() > accepted);
      long refused = counter.refused();
      member.child().resume();
      boolean late = Stopwatch.await(PATIENCE, () -> counter.refused() > refused);
      return new Disturbance.Hit(member.toString(), over && others && late);
    });
  }

  /** kill -9. */
  static Disturbance kill(Ground ground, CounterService counter) {
    return Disturbance.named("kill -9 inside the section", random -> {
      Optional<Member> caught =
          catchReader(ground, counter, reader -> reader.child().kill());
      if (caught.isEmpty()) {
        return new Disturbance.Hit("nobody", false);
      }
      Member member = caught.get();
      member.replace();
      return new Disturbance.Hit(member.toString(), true);
    });
  }

  private static Optional<Member> catchReader(
      Ground ground, CounterService counter, Consumer<Member> hit) throws InterruptedException {
    CompletableFuture<Member> reader = new CompletableFuture<>();
    counter.trapNextReader(life -> {
      Member member = ground.ofLife(life);
      hit.accept(member);
      reader.complete(member);
    });
    try {
      return Optional.of(reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      return counter.disarm() ? Optional.empty() : Optional.of(reader.join());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
