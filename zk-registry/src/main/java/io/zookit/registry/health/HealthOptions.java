package io.zookit.registry.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Options for how an instance monitors its own health and what it publishes: checks whose verdict is its status, and
 * heartbeats that carry its load. Immutable.
 *
 * @param checks all must pass; if not empty, the instance is DOWN until they first pass
 * @param interval the time between two rounds of checks
 * @param rise the number of rounds that must pass for it to become UP again; a pass in the first round suffices
 * @param fall the number of rounds that must fail for it to become DOWN
 * @param load the source of its load, 0 to 1, if it reports one
 * @param heartbeat the time between two heartbeats, zero for none; longer if many instances exist under the root
 */
public record HealthOptions(
    List<HealthCheck> checks,
    Duration interval,
    int rise,
    int fall,
    Optional<DoubleSupplier> load,
    Duration heartbeat) {

  /** No checks and no heartbeats. */
  public static final HealthOptions NONE =
      new HealthOptions(List.of(), Duration.ofSeconds(5), 2, 3, Optional.empty(), Duration.ZERO);

  /** Checks the numbers. */
  public HealthOptions {
    checks = List.copyOf(checks);
    requireAtLeastOne("rise", rise);
    requireAtLeastOne("fall", fall);
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("interval: " + interval + " (expected: more than zero)");
    }
    if (heartbeat.isNegative()) {
      throw new IllegalArgumentException("heartbeat: " + heartbeat + " (expected: zero or more)");
    }
  }

  /** A copy with one check more. */
  public HealthOptions withCheck(HealthCheck check) {
    List<HealthCheck> more = new ArrayList<>(checks);
    more.add(check);
    return new HealthOptions(more, interval, rise, fall, load, heartbeat);
  }

  /** A copy with another time between two rounds. */
  public HealthOptions withInterval(Duration interval) {
    return new HealthOptions(checks, interval, rise, fall, load, heartbeat);
  }

  /** A copy with other numbers of rounds in a row. */
  public HealthOptions withHysteresis(int rise, int fall) {
    return new HealthOptions(checks, interval, rise, fall, load, heartbeat);
  }

  /**
   * A copy that tells how busy it is, with each heartbeat.
   *
   * <p><i>Threads:</i> asked on the client's executor, one at a time.
   *
   * <p><i>Failure:</i> when it throws or does not answer, the heartbeats go on with what it said last, 0 at first.
   */
  public HealthOptions withLoad(DoubleSupplier load) {
    Duration period = heartbeat.isZero() ? Duration.ofSeconds(5) : heartbeat;
    return new HealthOptions(checks, interval, rise, fall, Optional.of(load), period);
  }

  /** A copy with heartbeats. */
  public HealthOptions withHeartbeat(Duration heartbeat) {
    return new HealthOptions(checks, interval, rise, fall, load, heartbeat);
  }

  private static void requireAtLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: 1 or more)");
    }
  }
}
