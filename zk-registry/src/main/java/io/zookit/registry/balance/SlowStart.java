package io.zookit.registry.balance;

import io.zookit.core.internal.lane.Timeouts;
import java.time.Duration;
import java.util.function.Function;

/**
 * The weight of an instance grows with its age, from {@value #LEAST} of it to all of it. Its age counts from the moment
 * its node was made, by the servers' clock.
 */
final class SlowStart implements Balancer {

  private static final double LEAST = 0.1;
  private static final int STEPS = 50;

  private final Balancer inner;
  private final long window;
  private final Function<Candidates, Starting> maker = Starting::new;

  /** The weights of one moment; the same object until the next step, so that rules keep what they made of it. */
  private static final class Starting {
    private final Candidates all;
    private volatile Candidates now;
    private volatile long until;

    Starting(Candidates all) {
      this.all = all;
      this.now = all;
      this.until = all.now();
    }
  }

  SlowStart(Balancer inner, Duration window) {
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window: " + window + " (expected: more than zero)");
    }
    if (!inner.usesWeights()) {
      throw new IllegalArgumentException("rule: " + inner
          + " does not look at weights, so a slow start has no effect (expected: one that does, such"
          + " as weightedLeastConnections, weightedRoundRobin or adaptive)");
    }
    this.inner = inner;
    this.window = Timeouts.nanos(window);
  }

  @Override
  public int choose(Candidates candidates, long key) {
    return inner.choose(weighing(candidates), key);
  }

  private Candidates weighing(Candidates candidates) {
    Starting starting = candidates.derived(this, maker);
    long now = candidates.now();
    if (now - starting.until >= 0) {
      starting.now = at(starting.all, now);
      boolean grown = starting.now == starting.all;
      starting.until = now + (grown ? Long.MAX_VALUE / 2 : Math.max(1, window / STEPS));
    }
    return starting.now;
  }

  private Candidates at(Candidates candidates, long now) {
    double[] weights = new double[candidates.size()];
    boolean grown = true;
    for (int i = 0; i < weights.length; i++) {
      double share = (double) candidates.get(i).stats().age(now) / window;
      grown &= share >= 1;
      weights[i] = candidates.weight(i) * Math.max(LEAST, Math.min(1, share));
    }
    return grown ? candidates : candidates.weighing(weights);
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    Candidates now = weighing(candidates);
    String more = inner.describe(now, index, key);
    long percent = Math.round(100 * now.weight(index) / candidates.weight(index));
    return (percent < 100 ? "starting with " + percent + " % of its weight, " : "") + more;
  }

  @Override
  public boolean usesWeights() {
    return inner.usesWeights();
  }

  @Override
  public String toString() {
    return inner + " with slow start";
  }
}
