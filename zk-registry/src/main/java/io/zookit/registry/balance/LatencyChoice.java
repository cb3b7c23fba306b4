package io.zookit.registry.balance;

import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The cheaper of two at random (P2C). The cost is the latency, longer by failures and, for the adaptive rule, times the
 * calls under way and the reported load, for the weight.
 *
 * <p>The latency is the peak-sensitive mean where these are {@value #SURELY_SLOWER} times apart. Nearer ones are compared
 * by what is typical, as only time makes a peak smaller: a caller with one call at a time would stay with whichever of
 * two equal instances had the lesser one. Typical latencies within a fifth of each other and less than a millisecond apart
 * are equal, and so is what was measured by fewer than ten answers. Others are taken for equal with the cube of their ratio as
 * probability, so that a wrong measurement is measured again: the slower of two gets 6 % at twice the latency, 0.4 % at
 * five times. Where nothing else differs, the weights decide by lot. Of two of which one was not used for
 * {@value #UNUSED_SECONDS} s, that one is chosen, unless its last call failed: what is known of it is old.
 *
 * <p>The penalty of failures grows with the square of their share: one of many calls hardly counts, a server that fails
 * always is as good as one that answers in {@value #PENALTY_SECONDS} s. One that was never called gets one call at a
 * time until the first answer.
 */
final class LatencyChoice implements Balancer {

  static final LatencyChoice WEIGHTED_RESPONSE = new LatencyChoice(false);
  static final LatencyChoice ADAPTIVE = new LatencyChoice(true);

  private static final int PENALTY_SECONDS = 10;
  private static final double PENALTY = PENALTY_SECONDS * 1e9;
  private static final double UNKNOWN_AND_BUSY = 1e9;
  private static final double UNKNOWN = 1;
  private static final int UNUSED_SECONDS = 10;
  private static final long UNUSED = UNUSED_SECONDS * 1_000_000_000L;
  private static final double MILLISECOND = 1e6;
  private static final double EQUAL_SHARE = 0.2;
  private static final int SURELY_SLOWER = 10;

  private final boolean adaptive;

  private LatencyChoice(boolean adaptive) {
    this.adaptive = adaptive;
  }

  @Override
  public int choose(Candidates candidates, long key) {
    return choose(candidates, key, candidates.now());
  }

  @Override
  public int choose(Candidates candidates, long key, long now) {
    int size = candidates.size();
    if (size == 1) {
      return 0;
    }
    RandomGenerator random = candidates.random();
    int one = random.nextInt(size);
    int other = random.nextInt(size - 1);
    other += other >= one ? 1 : 0;
    CallStats first = candidates.get(one).stats();
    CallStats second = candidates.get(other).stats();
    boolean unused = isUnused(first, now);
    if (unused != isUnused(second, now)) {
      return unused ? one : other;
    }
    double left = first.latency(now);
    double right = second.latency(now);
    if (left >= 0 && right >= 0 && Math.max(left, right) < SURELY_SLOWER * Math.min(left, right)) {
      boolean measured = first.typicalLatency() >= 0 && second.typicalLatency() >= 0;
      left = measured ? first.typicalLatency() : left;
      right = measured ? second.typicalLatency() : right;
      if (!measured || areEqual(left, right, random)) {
        left = Math.min(left, right);
        right = left;
      }
    }
    return cheaper(candidates, one, cost(first, left, now), other, cost(second, right, now));
  }

  /** Tells if it is idle and what is known of it is old. One that was never called is new, not unused. */
  private static boolean isUnused(CallStats stats, long now) {
    return now - stats.heardAt() >= UNUSED
        && stats.failuresInRow() == 0
        && stats.latency(now) >= 0
        && stats.inFlight(now) == 0;
  }

  private static boolean areEqual(double one, double other, RandomGenerator random) {
    double greater = Math.max(one, other);
    double apart = Math.abs(one - other);
    if (apart < MILLISECOND && apart <= EQUAL_SHARE * greater) {
      return true;
    }
    double ratio = (greater - apart) / greater;
    return random.nextDouble() < ratio * ratio * ratio;
  }

  private static int cheaper(
      Candidates candidates, int one, double first, int other, double second) {
    double weight = candidates.weight(one);
    if (first == second) {
      boolean stay =
          candidates.random().nextDouble() * (weight + candidates.weight(other)) < weight;
      return stay ? one : other;
    }
    return first / weight < second / candidates.weight(other) ? one : other;
  }

  /** Returns the cost of a call, regardless of the weight. */
  private double cost(CallStats stats, double latency, long now) {
    int calls = stats.inFlight(now);
    if (latency < 0) {
      return calls == 0 ? UNKNOWN : UNKNOWN_AND_BUSY * calls;
    }
    double failures = stats.failures(now);
    double cost = latency + failures * failures * PENALTY;
    return adaptive ? cost * (calls + 1) * (1 + stats.load(now)) : cost;
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    CallStats stats = candidates.get(index).stats();
    long now = candidates.now();
    double latency = stats.latency(now);
    return String.format(
        Locale.ROOT,
        "%s, %d calls under way, %.0f %% failures, load %.2f",
        latency < 0 ? "no answer yet" : String.format(Locale.ROOT, "%.1f ms", latency / 1e6),
        stats.inFlight(now),
        100 * stats.failures(now),
        stats.load(now));
  }

  @Override
  public String toString() {
    return adaptive ? "adaptive" : "weighted response";
  }
}
