package io.zookit.id.internal.counter;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;

/**
 * The total of the members that were folded, in {@code ids/<name>/~t}.
 *
 * @param total of their sums
 */
record TotalRecord(@Stored("total") long total) {

  static final RecordCodec<TotalRecord> CODEC = RecordCodec.of(TotalRecord.class, 1);
}
