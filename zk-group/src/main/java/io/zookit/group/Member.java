package io.zookit.group;

import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.Optional;

/**
 * A member as it wants to take part. Immutable.
 *
 * @param id unique in the group; a process that joins with the id of another one replaces it
 * @param weight its share of the partitions is proportional to this, 1 or more
 * @param zone preferred by partitions that move, on equal load
 * @param keepFor how long partitions stay its own after its session has ended; zero unless set
 */
public record Member(String id, int weight, Optional<String> zone, Duration keepFor) {

  private static final Duration LONGEST_KEEP = Duration.ofDays(1);

  /** Checks the values. */
  public Member {
    ZkPath.requireName("member id", id);
    zone.ifPresent(name -> ZkPath.requireName("zone", name));
    if (weight < 1 || weight > 1_000) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to 1000)");
    }
    if (keepFor.isNegative() || keepFor.compareTo(LONGEST_KEEP) > 0) {
      throw new IllegalArgumentException(
          "keepFor: " + keepFor + " (expected: zero to " + LONGEST_KEEP + ")");
    }
  }

  /**
   * A member of weight 1 without a zone.
   *
   * @param id {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
   */
  public static Member id(String id) {
    return new Member(id, 1, Optional.empty(), Duration.ZERO);
  }

  /** Sets the weight, 1 to 1000. */
  public Member weight(int newWeight) {
    return new Member(id, newWeight, zone, keepFor);
  }

  /** Sets the zone. */
  public Member zone(String newZone) {
    return new Member(id, weight, Optional.of(newZone), keepFor);
  }

  /**
   * Sets how long its partitions stay its own after its session has ended, so that a quick restart moves none. Nothing runs
   * them meanwhile.
   *
   * @param newKeepFor zero to a day
   */
  public Member keepFor(Duration newKeepFor) {
    return new Member(id, weight, zone, newKeepFor);
  }
}
