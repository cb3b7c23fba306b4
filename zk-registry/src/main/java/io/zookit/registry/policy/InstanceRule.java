package io.zookit.registry.policy;

import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operator's rule for one instance.
 *
 * @param disabled whether it is never chosen, whatever happens
 * @param weightOrNull its weight instead of its own, 0 or more; 0 takes no calls
 * @param drain whether it is to end: consumers treat it as leaving, and its provider ends it
 * @param by the operator that set the rule
 * @param untilOrNull the time at which the rule expires
 */
public record InstanceRule(
    @Stored("disabled") boolean disabled,
    @Stored("weightOrNull") @Nullable Integer weightOrNull,
    @Stored("drain") boolean drain,
    @Stored("by") String by,
    @Stored("untilOrNull") @Nullable Instant untilOrNull) {

  private static final int MAX_WEIGHT = 1_000_000;

  /** Checks the weight. */
  public InstanceRule {
    if (weightOrNull != null && (weightOrNull < 0 || weightOrNull > MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "weight: " + weightOrNull + " (expected: 0 to " + MAX_WEIGHT + ")");
    }
  }

  /** A rule that changes nothing yet. */
  public static InstanceRule by(String who) {
    return new InstanceRule(false, null, false, who, null);
  }

  /** A copy that disables the instance, or not. */
  public InstanceRule withDisabled(boolean disabled) {
    return new InstanceRule(disabled, weightOrNull, drain, by, untilOrNull);
  }

  /** A copy with a weight of the operator's. */
  public InstanceRule withWeight(int weight) {
    return new InstanceRule(disabled, weight, drain, by, untilOrNull);
  }

  /** A copy that ends the instance, or not. */
  public InstanceRule withDrain(boolean drain) {
    return new InstanceRule(disabled, weightOrNull, drain, by, untilOrNull);
  }

  /** A copy that stops counting at a moment. */
  public InstanceRule withUntil(Instant until) {
    return new InstanceRule(disabled, weightOrNull, drain, by, until);
  }

  /** The weight instead of the instance's own. */
  public Optional<Integer> weight() {
    return Optional.ofNullable(weightOrNull);
  }

  /** Returns the time at which the rule expires. */
  public Optional<Instant> until() {
    return Optional.ofNullable(untilOrNull);
  }

  /** Tells if it counts at a moment. */
  public boolean isInForce(Instant now) {
    return untilOrNull == null || now.isBefore(untilOrNull);
  }
}
