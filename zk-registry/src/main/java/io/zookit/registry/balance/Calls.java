package io.zookit.registry.balance;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The calls of one instance: those under way, counted by the time in which they began, and the means of those that came
 * to something; and the load it reported.
 *
 * <p><i>Threads:</i> any, without locks.
 */
final class Calls {

  private static final int SLOTS = 4;
  private static final int COUNT_BITS = 24;
  private static final long COUNT = (1L << COUNT_BITS) - 1;
  private static final double DECAY_NANOS = 10e9;
  private static final double FAILURE_SHARE = 0.2;
  private static final double TYPICAL_SHARE = 0.1;
  private static final int KNOWN = 10;
  private static final double SMALL = 0.01;

  /**
   * Means at a moment; {@code latency} is negative while there was no answer.
   *
   * @param typical the mean of the lesser of each two latencies in a row, which a first call or a single pause leaves alone
   * @param last the newest latency
   * @param answers how many there were, as far as that matters
   */
  private record Means(
      double latency, double typical, double last, int answers, double failures, long at) {}

  private record Load(double value, long at, long period) {}

  private static final Load NO_LOAD = new Load(0, 0, 0);

  private final AtomicLongArray open = new AtomicLongArray(SLOTS);
  private final AtomicInteger failuresInRow = new AtomicInteger();
  private final AtomicReference<Means> means;
  private volatile Load load = NO_LOAD;

  Calls(long now) {
    means = new AtomicReference<>(new Means(-1, 0, 0, 0, 0, now));
  }

  void begin(long slot) {
    int index = (int) (slot % SLOTS);
    long before;
    do {
      before = open.get(index);
    } while (!open.compareAndSet(
        index, before, before >>> COUNT_BITS == slot ? before + 1 : slot << COUNT_BITS | 1));
  }

  void end(long slot) {
    int index = (int) (slot % SLOTS);
    long before;
    do {
      before = open.get(index);
    } while (before >>> COUNT_BITS == slot
        && (before & COUNT) > 0
        && !open.compareAndSet(index, before, before - 1));
  }

  int inFlight(long newest) {
    int sum = 0;
    for (int i = 0; i < SLOTS; i++) {
      long value = open.get(i);
      if (newest - (value >>> COUNT_BITS) < SLOTS) {
        sum += (int) (value & COUNT);
      }
    }
    return sum;
  }

  void succeed(long now, double latency) {
    if (failuresInRow.get() != 0) {
      failuresInRow.set(0);
    }
    learn(now, latency, 0);
  }

  void fail(long now, double latency) {
    failuresInRow.incrementAndGet();
    learn(now, latency, 1);
  }

  private void learn(long now, double latency, int failed) {
    Means before;
    do {
      before = current();
    } while (!means.compareAndSet(before, after(before, now, latency, failed)));
  }

  double latency(long now) {
    Means last = current();
    return last.latency < 0 ? last.latency : last.latency * fading(now - last.at);
  }

  /** The latency without single long ones, and without fading; negative before the tenth answer. */
  double typicalLatency() {
    Means last = current();
    return last.answers < KNOWN ? -1 : last.typical;
  }

  double failures(long now) {
    Means last = current();
    return last.failures == 0 ? 0 : last.failures * fading(now - last.at);
  }

  void reportLoad(long now, double value, long period) {
    load = new Load(value, now, period);
  }

  double load(long now) {
    Load last = load;
    return last.period == 0
        ? 0
        : last.value * Math.exp(-(double) (now - last.at) / (3.0 * last.period));
  }

  int failuresInRow() {
    return failuresInRow.get();
  }

  long heardAt() {
    return current().at;
  }

  private Means current() {
    return Objects.requireNonNull(means.get());
  }

  private static Means after(Means before, long now, double latency, int failed) {
    double fading = fading(now - before.at);
    double kept = before.latency < 0 ? 0 : fading;
    double mean = latency > before.latency ? latency : before.latency * kept + latency * (1 - kept);
    double failures = before.failures * fading;
    return new Means(
        mean,
        typical(before, latency),
        latency,
        Math.min(before.answers, KNOWN) + 1,
        failures + FAILURE_SHARE * (failed - failures),
        now);
  }

  /** At first the plain mean, then one that follows. */
  private static double typical(Means before, double latency) {
    double lesser = before.answers == 0 ? latency : Math.min(latency, before.last);
    double share = Math.max(TYPICAL_SHARE, 1.0 / Math.max(1, before.answers));
    return before.typical + share * (lesser - before.typical);
  }

  /** The exponential function, or, for a short time, what it begins with; the difference is below a millionth. */
  private static double fading(long nanos) {
    double past = (double) nanos / DECAY_NANOS;
    return past <= 0 ? 1 : past < SMALL ? 1 - past + past * past / 2 : Math.exp(-past);
  }
}
