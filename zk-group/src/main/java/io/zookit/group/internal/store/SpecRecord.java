package io.zookit.group.internal.store;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Record of the partitions of a group, in {@code groups/<g>/~spec}. It is written with the folders of its epoch and changes
 * only together with them.
 *
 * @param epoch counts the changes of the number of partitions
 * @param count partitions
 * @param buckets folders of claims
 * @param next the number of partitions of the next epoch, which begins when no claim stands; absent unless it is to change
 */
public record SpecRecord(
    @Stored("epoch") int epoch,
    @Stored("count") int count,
    @Stored("buckets") int buckets,
    @Stored("next") @Nullable Integer next) {

  /** The most partitions of a group. */
  public static final int MOST_PARTITIONS = 1 << 14;

  public static final RecordCodec<SpecRecord> CODEC = RecordCodec.of(SpecRecord.class, 1);

  private static final int FEW = 1_024;

  /** Checks the numbers, which come from a node. */
  public SpecRecord {
    boolean isNextWrong = next != null && (next < 1 || next > MOST_PARTITIONS);
    if (epoch < 1
        || count < 1
        || count > MOST_PARTITIONS
        || buckets < 1
        || buckets > 1_024
        || isNextWrong) {
      throw new IllegalArgumentException(
          "spec: epoch " + epoch + ", " + count + " partitions, " + buckets + " buckets");
    }
  }

  /** The first epoch of a group. */
  public static SpecRecord first(int count) {
    return ofEpoch(1, count);
  }

  private static SpecRecord ofEpoch(int epoch, int count) {
    return new SpecRecord(epoch, count, count > FEW ? 64 : 16, null);
  }

  /** A copy whose next epoch has another number of partitions; with the present number there is no next one. */
  public SpecRecord withNext(int newCount) {
    return new SpecRecord(epoch, count, buckets, newCount == count ? null : newCount);
  }

  /** The next epoch, if the number of partitions is to change. */
  public Optional<SpecRecord> nextEpoch() {
    return Optional.ofNullable(next).map(newCount -> ofEpoch(epoch + 1, newCount));
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
