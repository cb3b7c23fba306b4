package io.zookit.config;

import io.zookit.config.gray.Audience;
import java.time.Duration;
import java.util.List;

/**
 * The plan of a gray release: its steps, and what must be so before the next one.
 *
 * @param steps the audience of each step, at most 16; behind the last one the release becomes stable
 * @param bake how long a step lasts at least
 * @param appliedPercent how many of the instances of a step must have applied it, 0 to 100
 */
public record Rollout(List<Audience> steps, Duration bake, int appliedPercent) {

  private static final int MOST_STEPS = 16;

  /** Creates a plan. */
  public Rollout {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.size() > MOST_STEPS) {
      throw new IllegalArgumentException(
          "steps: " + steps.size() + " (expected: 1 to " + MOST_STEPS + ")");
    }
    if (bake.isNegative()) {
      throw new IllegalArgumentException("bake: " + bake + " (expected: zero or more)");
    }
    if (appliedPercent < 0 || appliedPercent > 100) {
      throw new IllegalArgumentException(
          "appliedPercent: " + appliedPercent + " (expected: 0 to 100)");
    }
  }

  /** A plan of these steps, which need no time and have to be applied by all. */
  public static Rollout of(Audience... steps) {
    return new Rollout(List.of(steps), Duration.ZERO, 100);
  }

  /** A copy with another least time of each step. */
  public Rollout withBake(Duration atLeast) {
    return new Rollout(steps, atLeast, appliedPercent);
  }

  /** A copy with another share that must have applied a step. */
  public Rollout withApplied(int percent) {
    return new Rollout(steps, bake, percent);
  }
}
