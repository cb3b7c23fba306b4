package io.zookit.group;

import io.zookit.group.internal.store.SpecRecord;

/**
 * The partitions of a group.
 *
 * @param count 1 to 16,384
 */
public record Partitions(int count) {

  /** Checks the number. */
  public Partitions {
    if (count < 1 || count > SpecRecord.MOST_PARTITIONS) {
      throw new IllegalArgumentException(
          "partitions: " + count + " (expected: 1 to " + SpecRecord.MOST_PARTITIONS + ")");
    }
  }

  /**
   * Partitions with the numbers from 0. All members of a group have the same count.
   *
   * @param count 1 to 16,384
   */
  public static Partitions of(int count) {
    return new Partitions(count);
  }

  /** The partition of a key, the same in every process and version. */
  public int partitionOf(String key) {
    int hash = 0;
    for (int i = 0; i < key.length(); i++) {
      hash = 31 * hash + key.charAt(i);
    }
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >>> 13;
    return Math.floorMod(hash, count);
  }
}
