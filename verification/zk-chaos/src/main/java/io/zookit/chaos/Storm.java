package io.zookit.chaos;

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
final class Storm {

  /** Maximum time to wait for recovery or for an experiment to settle. */
  static final Duration GIVEN_UP = Duration.ofSeconds(40);

  /** Maximum time in which all processes together have to start. */
  private static final Duration CALM = Duration.ofMinutes(3);

  /** In which everything is to be back. */
  static final Duration BACK = Duration.ofSeconds(10);

  private final Setting setting;
  private final LongPredicate back;
  private final Supplier<String> state;
  private Stopwatch begin = new Stopwatch();

  /**
   * Nothing happens yet.
   *
   * @param back whether everybody has got on since a moment of the monotonic clock
   * @param state how far it is, for people
   */
  Storm(Setting setting, LongPredicate back, Supplier<String> state) {
    this.setting = setting;
    this.back = back;
    this.state = state;
  }

  /** Deals the faults of a deck in an order made from the seed, again and again, until the time has passed. */
  void rage(List<Disturbance> deck, Timeline timeline) throws InterruptedException {
    Random random = new Random(setting.seed());
    List<Disturbance> next = new ArrayList<>();
    begin = new Stopwatch();
    while (!begin.hasPassed(setting.length())) {
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
  long strike(Disturbance fault, Timeline timeline) throws InterruptedException {
    return cause(fault, new Random(setting.seed()), timeline);
  }

  /** Waits until everybody works, before anything is broken. */
  void awaitCalm() throws InterruptedException {
    long start = Timekeeper.system().nanos();
    if (!Stopwatch.await(CALM, () -> back.test(start))) {
      throw new IllegalStateException(
          "not everybody works before the first fault: " + state.get() + "; see " + setting.logs());
    }
  }

  /** Waits until everybody works, and measures what gets done before anything is broken. */
  Pace measureCalm(LongSupplier done) throws InterruptedException {
    awaitCalm();
    long before = done.getAsLong();
    Stopwatch watch = new Stopwatch();
    Stopwatch.pause(Pace.calm(setting.length()));
    Pace pace = new Pace(done.getAsLong() - before, watch.elapsed());
    setting.progress().accept(String.format("unfaulted: %,d a minute", pace.perMinute()));
    return pace;
  }

  private long cause(Disturbance disturbance, Random random, Timeline timeline)
      throws InterruptedException {
    long at = begin.elapsed().toMillis();
    Disturbance.Hit hit = disturbance.cause(random);
    long over = Timekeeper.system().nanos();
    boolean isBack = Stopwatch.await(GIVEN_UP, () -> back.test(over));
    long after = (Timekeeper.system().nanos() - over) / 1_000_000;
    Incident incident =
        new Incident(at, disturbance.kind(), hit.target(), hit.landed(), isBack ? after : -1);
    timeline.add(incident);
    setting.progress().accept(line(incident));
    return over;
  }

  private String line(Incident incident) {
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
