package io.zookit.group.internal.store;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;

/**
 * Record of the partitions of a group, in {@code groups/<g>/~spec}. It is written with the folders of its epoch and changes
 * only together with them.
 *
 * @param epoch counts the changes of the number of partitions
 * @param count partitions
 * @param buckets folders of claims
 */
public record SpecRecord(
    @Stored("epoch") int epoch,
    @Stored("count") int count,
    @Stored("buckets") int buckets) {

  /** The most partitions of a group. */
  public static final int MOST_PARTITIONS = 1 << 14;

  public static final RecordCodec<SpecRecord> CODEC = RecordCodec.of(SpecRecord.class, 1);

  private static final int FEW = 1_024;

  /** Checks the numbers, which come from a node. */
  public SpecRecord {
    if (epoch < 1 || count < 1 || count > MOST_PARTITIONS || buckets < 1 || buckets > 1_024) {
      throw new IllegalArgumentException(
          "spec: epoch " + epoch + ", " + count + " partitions, " + buckets + " buckets");
    }
  }

  /** The first epoch of a group. */
  public static SpecRecord first(int count) {
    return new SpecRecord(1, count, count > FEW ? 64 : 16);
  }

  /** The bucket of a partition. */
  public int bucketOf(int partition) {
    return partition % buckets;
  }

  /** The number of partitions in a bucket. */
  public int sizeOf(int bucket) {
    return count / buckets + (bucket < count % buckets ? 1 : 0);
  }
}
