package io.zookit.chaos.fault;

import io.zookit.chaos.experiment.BaselineRate;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.InjectedFault;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Causes one fault after the other, and measures how long it takes each time until work goes on. */
public final class FaultInjector {

  /** Maximum time to wait for recovery or for an experiment to settle. */
  public static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(40);

  /** Maximum time in which all processes together have to start. */
  private static final Duration CALM = Duration.ofMinutes(3);

  /** In which everything is to be back. */
  public static final Duration RECOVERY_BOUND = Duration.ofSeconds(10);

  private final RunSettings settings;
  private final LongPredicate back;
  private final Supplier<String> state;
  private Stopwatch begin = new Stopwatch();

  /**
   * Nothing happens yet.
   *
   * @param back whether everybody has got on since a moment of the monotonic clock
   * @param state how far it is, for people
   */
  public FaultInjector(RunSettings settings, LongPredicate back, Supplier<String> state) {
    this.settings = settings;
    this.back = back;
    this.state = state;
  }

  /** Deals the faults of a deck in an order made from the seed, again and again, until the time has passed. */
  public void run(List<FaultAction> deck, FaultTimeline timeline) throws InterruptedException {
    Random random = new Random(settings.seed());
    List<FaultAction> next = new ArrayList<>();
    begin = new Stopwatch();
    while (!begin.hasPassed(settings.length())) {
      if (next.isEmpty()) {
        next.addAll(deck);
        Collections.shuffle(next, random);
      }
      cause(next.remove(0), random, timeline);
      Stopwatch.pause(Duration.ofMillis(200 + random.nextInt(500)));
    }
  }

  /**
   * Deals one fault more, and waits until everybody has got on.
   *
   * @return when the fault was over, on the monotonic clock
   */
  public long injectOne(FaultAction fault, FaultTimeline timeline) throws InterruptedException {
    return cause(fault, new Random(settings.seed()), timeline);
  }

  /** Waits until everybody works, before anything is broken. */
  public void awaitAllWorking() throws InterruptedException {
    long start = Timekeeper.system().nanos();
    if (!Stopwatch.await(CALM, () -> back.test(start))) {
      throw new IllegalStateException("not everybody works before the first fault: " + state.get()
          + "; see " + settings.logs());
    }
  }

  /** Waits until everybody works, and measures what gets done before anything is broken. */
  public BaselineRate measureBaseline(LongSupplier done) throws InterruptedException {
    awaitAllWorking();
    long before = done.getAsLong();
    Stopwatch watch = new Stopwatch();
    Stopwatch.pause(BaselineRate.calm(settings.length()));
    BaselineRate baseline = new BaselineRate(done.getAsLong() - before, watch.elapsed());
    settings.progress().accept(String.format("unfaulted: %,d a minute", baseline.perMinute()));
    return baseline;
  }

  private long cause(FaultAction fault, Random random, FaultTimeline timeline)
      throws InterruptedException {
    long at = begin.elapsed().toMillis();
    FaultAction.Hit hit = fault.cause(random);
    long over = Timekeeper.system().nanos();
    boolean isBack = Stopwatch.await(RECOVERY_TIMEOUT, () -> back.test(over));
    long after = (Timekeeper.system().nanos() - over) / 1_000_000;
    InjectedFault incident =
        new InjectedFault(at, fault.kind(), hit.target(), hit.landed(), isBack ? after : -1);
    timeline.add(incident);
    settings.progress().accept(line(incident));
    return over;
  }

  private String line(InjectedFault incident) {
    return String.format(
        "%6.1f s  %-26s %-22s %s, back after %d ms; %s",
        incident.atMillis() / 1000.0,
        incident.kind(),
        incident.target(),
        incident.landed() ? "landed" : "did not land",
        incident.backAfterMillis(),
        state.get());
  }
}
