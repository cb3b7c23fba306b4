package io.zookit.group.internal.store;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Record of a member, in the ephemeral node {@code groups/<g>/~m/<id>@<nonce>}. It changes by a delete and a create in one
 * transaction, so that the watch on the folder reports it.
 *
 * @param state whether it takes part
 * @param weight its share is proportional to this
 * @param zone preferred on equal load
 * @param room the greatest number of partitions that it can claim; absent without a limit
 * @param keepFor how long its partitions stay its own after its session has ended
 * @param born creation transaction of the first node of this nonce; absent in that one
 * @param refuses partitions that it does not claim now
 * @param label of its client, for people
 */
public record MemberRecord(
    @Stored("state") State state,
    @Stored("weight") int weight,
    @Stored("zone") @Nullable String zone,
    @Stored("room") @Nullable Long room,
    @Stored("keepFor") @Nullable Duration keepFor,
    @Stored("born") @Nullable Long born,
    @Stored("refuses") List<PartitionRefusal> refuses,
    @Stored("label") String label) {

  /** The most refusals of a record. */
  public static final int MOST_REFUSALS = 64;

  public static final RecordCodec<MemberRecord> CODEC =
      RecordCodec.of(MemberRecord.class, 1).withLimit(4 * 1024);

  /** The part that a member takes. */
  public enum State {
    /** It claims what a plan gives it. */
    @Stored("joined")
    JOINED,
    /** It hands over everything and ends. */
    @Stored("leaving")
    LEAVING
  }

  /**
   * A partition that a member does not claim.
   *
   * @param partition its index
   * @param until for people; the member itself ends the refusal
   */
  public record PartitionRefusal(
      @Stored("p") int partition, @Stored("until") Instant until) {}

  /** Copies the refusals. */
  public MemberRecord {
    refuses = List.copyOf(refuses);
  }

  /** Tells if the member does not claim a partition now. */
  public boolean refuses(int partition) {
    for (PartitionRefusal refusal : refuses) {
      if (refusal.partition == partition) {
        return true;
      }
    }
    return false;
  }

  /** Tells if it takes part. */
  public boolean isJoined() {
    return state == State.JOINED;
  }
}
