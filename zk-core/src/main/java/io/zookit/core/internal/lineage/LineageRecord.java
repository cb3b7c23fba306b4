package io.zookit.core.internal.lineage;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record in the lineage node: the identity of the data, and enough of their history to decide if a client's memory
 * is part of it.
 *
 * <p>Every write replaces exactly one version, by compare-and-set. Versions of the same number differ in the random
 * {@code tag}. An <i>epoch</i> is the upper half of a transaction number; it changes with each leader.
 *
 * @param id random, new with every raise of the incarnation
 * @param incarnation the number that was set together with {@code id}
 * @param tag random, new with every write
 * @param previous the version that this one replaced; absent in the first
 * @param borders the versions that began an epoch, oldest first, at most {@value #MOST_BORDERS}, without this one
 * @param marks the tags of the newest versions, oldest first, without this one, at most {@value #MOST_MARKS}
 */
record LineageRecord(
    @Stored("id") String id,
    @Stored("incarnation") long incarnation,
    @Stored("tag") String tag,
    @Stored("previous") @Nullable Version previous,
    @Stored("borders") List<Version> borders,
    @Stored("marks") List<Mark> marks) {

  static final int MOST_BORDERS = 64;
  static final int MOST_MARKS = 32;
  static final RecordCodec<LineageRecord> CODEC =
      RecordCodec.of(LineageRecord.class, 1).withLimit(16 * 1024);

  /** One version of the node as ZooKeeper stamped it. */
  public record Version(
      @Stored("version") int version,
      @Stored("mzxid") long mzxid,
      @Stored("tag") String tag) {

    long epoch() {
      return mzxid >>> 32;
    }
  }

  /** The tag of a version. */
  record Mark(@Stored("version") int version, @Stored("tag") String tag) {}

  /** The record of data that no client has known before. */
  static LineageRecord first(String id, long incarnation, String tag) {
    return new LineageRecord(id, incarnation, tag, null, List.of(), List.of());
  }
}
