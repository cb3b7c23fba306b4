package io.zookit.registry.balance;

import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The cheaper of two at random (P2C). The cost is the peak-sensitive mean latency, longer by failures and, for the
 * adaptive rule, times the calls under way and the reported load, for the weight.
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
    double first = cost(candidates, one, now);
    double second = cost(candidates, other, now);
    if (first == second) {
      double weight = candidates.weight(one);
      boolean stay = random.nextDouble() * (weight + candidates.weight(other)) < weight;
      return stay ? one : other;
    }
    return first < second ? one : other;
  }

  private double cost(Candidates candidates, int index, long now) {
    CallStats stats = candidates.get(index).stats();
    int calls = stats.inFlight(now);
    double latency = stats.latency(now);
    if (latency < 0) {
      return calls == 0 ? UNKNOWN : UNKNOWN_AND_BUSY * calls;
    }
    double failures = stats.failures(now);
    double cost = latency + failures * failures * PENALTY;
    if (adaptive) {
      cost *= (calls + 1) * (1 + stats.load(now));
    }
    return cost / candidates.weight(index);
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
