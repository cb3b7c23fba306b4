package io.zookit.core.internal.audit;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import org.jspecify.annotations.Nullable;

/**
 * The end of a day's chain, stored in the node of the day. Each transaction that appends an entry replaces it in the version
 * in which it was read.
 *
 * @param count how many entries the day has
 * @param hash the hash of the last one; of an empty day that of {@code before}
 * @param omitted how many changes have no entry, because the day was full; null for none
 * @param before the day before, as it was when this day began; null for the first day
 */
record AuditDayRecord(
    @Stored("count") int count,
    @Stored("hash") String hash,
    @Stored("omitted") @Nullable Integer omitted,
    @Stored("before") @Nullable Anchor before) {

  static final RecordCodec<AuditDayRecord> CODEC =
      RecordCodec.of(AuditDayRecord.class, 1).withLimit(1024);

  /**
   * An entry of an earlier day that a chain goes on from.
   *
   * @param day its day
   * @param count its number
   * @param hash its hash
   */
  record Anchor(
      @Stored("day") String day,
      @Stored("count") int count,
      @Stored("hash") String hash) {}

  /** A day without entries. */
  static AuditDayRecord first(@Nullable Anchor before) {
    return new AuditDayRecord(0, before == null ? "" : before.hash(), null, before);
  }

  /** The day with one more entry. */
  AuditDayRecord appended(String entryHash) {
    return new AuditDayRecord(count + 1, entryHash, omitted, before);
  }

  /** The day with one more change that has no entry. */
  AuditDayRecord omittedOne() {
    return new AuditDayRecord(count, hash, omittedCount() + 1, before);
  }

  int omittedCount() {
    return omitted == null ? 0 : omitted;
  }
}
