package io.zookit.chaos.resource;

import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.fault.FaultAction;
import io.zookit.chaos.fault.FaultActions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Faults that meet a client of {@link Testbed} between its read and its write of the counter. */
public final class SectionFaults {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private SectionFaults() {}

  /** SIGSTOP for longer than the session. */
  public static FaultAction pause(Testbed testbed, CounterService counter) {
    return FaultAction.named("pause inside the section", random -> {
      Optional<ClientProcess> caught =
          catchReader(testbed, counter, reader -> reader.child().pause());
      if (caught.isEmpty()) {
        return new FaultAction.Hit("nobody", false);
      }
      ClientProcess member = caught.get();
      long expired = testbed.servers().expiredSessions();
      Stopwatch.pause(Testbed.SESSION.plus(Testbed.TWO_TICKS).plusMillis(random.nextInt(1500)));
      member.child().resume();
      boolean landed =
          Stopwatch.await(PATIENCE, () -> testbed.servers().expiredSessions() > expired);
      return new FaultAction.Hit(member.toString(), landed);
    });
  }

  /**
   * Stops a holder with SIGSTOP until its session has expired and another client has gone on: its write comes too
   * late, and must be refused.
   */
  public static FaultAction outlive(Testbed testbed, CounterService counter) {
    return FaultAction.named("pause until others go on", random -> {
      long expired = testbed.servers().expiredSessions();
      Optional<ClientProcess> caught =
          catchReader(testbed, counter, reader -> reader.child().pause());
      if (caught.isEmpty()) {
        return new FaultAction.Hit("nobody", false);
      }
      ClientProcess member = caught.get();
      boolean over = FaultActions.awaitExpiry(testbed, expired);
      long accepted = counter.accepted();
      boolean others = Stopwatch.await(PATIENCE, () -> counter.accepted() > accepted);
      long refused = counter.refused();
      member.child().resume();
      boolean late = Stopwatch.await(PATIENCE, () -> counter.refused() > refused);
      return new FaultAction.Hit(member.toString(), over && others && late);
    });
  }

  /** kill -9. */
  public static FaultAction kill(Testbed testbed, CounterService counter) {
    return FaultAction.named("kill -9 inside the section", random -> {
      Optional<ClientProcess> caught =
          catchReader(testbed, counter, reader -> reader.child().kill());
      if (caught.isEmpty()) {
        return new FaultAction.Hit("nobody", false);
      }
      ClientProcess member = caught.get();
      member.replace();
      return new FaultAction.Hit(member.toString(), true);
    });
  }

  private static Optional<ClientProcess> catchReader(
      Testbed testbed, CounterService counter, Consumer<ClientProcess> hit)
      throws InterruptedException {
    CompletableFuture<ClientProcess> reader = new CompletableFuture<>();
    counter.trapNextReader(life -> {
      ClientProcess member = testbed.ofLife(life);
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
