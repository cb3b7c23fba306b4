package io.zookit.registry.policy;

import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operator's rule for one instance.
 *
 * @param disabled whether it is never chosen, whatever happens; always the case while its circuit is forced open, which
 *     is how consumers of earlier versions learn of that
 * @param weightOrNull its weight instead of its own, 0 or more; 0 takes no calls
 * @param drain whether it is to end: consumers treat it as leaving, and its provider ends it
 * @param by the operator that set the rule
 * @param untilOrNull the time at which the rule expires
 * @param circuitOrNull the override of the circuit breakers of its consumers
 */
public record InstanceRule(
    @Stored("disabled") boolean disabled,
    @Stored("weightOrNull") @Nullable Integer weightOrNull,
    @Stored("drain") boolean drain,
    @Stored("by") String by,
    @Stored("untilOrNull") @Nullable Instant untilOrNull,
    @Stored("circuit") @Nullable CircuitOverride circuitOrNull) {

  private static final int MAX_WEIGHT = 1_000_000;

  /** Checks the weight. */
  public InstanceRule {
    disabled |= circuitOrNull == CircuitOverride.FORCED_OPEN;
    if (weightOrNull != null && (weightOrNull < 0 || weightOrNull > MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "weight: " + weightOrNull + " (expected: 0 to " + MAX_WEIGHT + ")");
    }
  }

  /** A rule without an override of the circuit breakers. */
  public InstanceRule(
      boolean disabled,
      @Nullable Integer weightOrNull,
      boolean drain,
      String by,
      @Nullable Instant untilOrNull) {
    this(disabled, weightOrNull, drain, by, untilOrNull, null);
  }

  /** A rule that changes nothing yet. */
  public static InstanceRule by(String who) {
    return new InstanceRule(false, null, false, who, null);
  }

  /** A copy that disables the instance, or not; without effect while its circuit is forced open. */
  public InstanceRule withDisabled(boolean disabled) {
    return new InstanceRule(disabled, weightOrNull, drain, by, untilOrNull, circuitOrNull);
  }

  /** A copy with a weight of the operator's. */
  public InstanceRule withWeight(int weight) {
    return new InstanceRule(disabled, weight, drain, by, untilOrNull, circuitOrNull);
  }

  /** A copy that ends the instance, or not. */
  public InstanceRule withDrain(boolean drain) {
    return new InstanceRule(disabled, weightOrNull, drain, by, untilOrNull, circuitOrNull);
  }

  /** A copy that stops counting at a moment. */
  public InstanceRule withUntil(Instant until) {
    return new InstanceRule(disabled, weightOrNull, drain, by, until, circuitOrNull);
  }

  /** A copy by another operator. */
  public InstanceRule withBy(String who) {
    return new InstanceRule(disabled, weightOrNull, drain, who, untilOrNull, circuitOrNull);
  }

  /** A copy with an override of the circuit breakers in place of any other. */
  public InstanceRule withCircuit(CircuitOverride circuit) {
    return new InstanceRule(isDisabledItself(), weightOrNull, drain, by, untilOrNull, circuit);
  }

  /** A copy in which consumers use their circuit breakers again; an instance that was forced open is enabled. */
  public InstanceRule withoutCircuit() {
    return new InstanceRule(isDisabledItself(), weightOrNull, drain, by, untilOrNull);
  }

  /** A copy without a weight of the operator's. */
  public InstanceRule withoutWeight() {
    return new InstanceRule(disabled, null, drain, by, untilOrNull, circuitOrNull);
  }

  private boolean isDisabledItself() {
    return disabled && circuitOrNull != CircuitOverride.FORCED_OPEN;
  }

  /** The override of the circuit breakers. */
  public Optional<CircuitOverride> circuit() {
    return Optional.ofNullable(circuitOrNull);
  }

  /** Tells if consumers call the instance neither now nor as a test. */
  public boolean isForcedOpen() {
    return circuitOrNull == CircuitOverride.FORCED_OPEN;
  }

  /** Tells if the circuit breakers of consumers do not act on the instance. */
  public boolean isCircuitDisabled() {
    return circuitOrNull == CircuitOverride.DISABLED;
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
