package io.zookit.benchmarks.chaos;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Faults that meet a client between its read and its write of the counter. */
final class InsideFaults {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private InsideFaults() {}

  /** SIGSTOP for longer than the session. */
  static Disturbance pause(Arena arena) {
    return Disturbance.named("pause inside the section", random -> {
      Optional<Member> caught = catchReader(arena, reader -> reader.child().pause());
      if (caught.isEmpty()) {
        return new Disturbance.Hit("nobody", false);
      }
      Member member = caught.get();
      long expired = arena.ground().servers().expiredSessions();
      Stopwatch.pause(Ground.SESSION.plus(Ground.TWO_TICKS).plusMillis(random.nextInt(1500)));
      member.child().resume();
      boolean landed =
          Stopwatch.await(PATIENCE, () -> arena.ground().servers().expiredSessions() > expired);
      return new Disturbance.Hit(member.toString(), landed);
    });
  }

  /** kill -9. */
  static Disturbance kill(Arena arena) {
    return Disturbance.named("kill -9 inside the section", random -> {
      Optional<Member> caught = catchReader(arena, reader -> reader.child().kill());
      if (caught.isEmpty()) {
        return new Disturbance.Hit("nobody", false);
      }
      Member member = caught.get();
      member.replace();
      return new Disturbance.Hit(member.toString(), true);
    });
  }

  private static Optional<Member> catchReader(Arena arena, Consumer<Member> hit)
      throws InterruptedException {
    CompletableFuture<Member> reader = new CompletableFuture<>();
    arena.counter().trapNextReader(life -> {
      Member member = arena.ground().ofLife(life);
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
}
