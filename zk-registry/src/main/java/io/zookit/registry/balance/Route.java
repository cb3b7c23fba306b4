package io.zookit.registry.balance;

import io.zookit.core.internal.codec.Stored;
import java.util.Map;

/**
 * A part of the calls and the instances they go to.
 *
 * @param name for people; a key takes part by a hash with this name, so another name takes other keys
 * @param percent how many of the keys, 0 to 100
 * @param version the version the instances must have, or empty for any
 * @param tags what the instances must say of themselves
 */
public record Route(
    @Stored("name") String name,
    @Stored("percent") double percent,
    @Stored("version") String version,
    @Stored("tags") Map<String, String> tags) {

  /** Checks the numbers. */
  public Route {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("percent: " + percent + " (expected: 0 to 100)");
    }
    if (version.isEmpty() && tags.isEmpty()) {
      throw new IllegalArgumentException(
          "route " + name + ": takes all (expected: a version or tags)");
    }
    tags = Map.copyOf(tags);
  }

  /** Tells if calls of this route go to that instance. */
  public boolean leadsTo(Candidate candidate) {
    return (version.isEmpty() || version.equals(candidate.version()))
        && candidate.tags().entrySet().containsAll(tags.entrySet());
  }

  /**
   * Returns whether calls with a key take this route. The answer for a key never changes, except that a greater share
   * adds keys.
   */
  public boolean takes(long key) {
    return KeyHash.share(KeyHash.mix(key, KeyHash.of(name))) < percent / 100;
  }
}
