package io.zookit.id.internal.counter;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import org.jspecify.annotations.Nullable;

/**
 * The sum of one member of a counter, in {@code ids/<name>/~m/<nonce>}.
 *
 * @param sum of its additions
 * @param by the write that stored the sum; null before the first one
 * @param folded whether the sum was added to the total, and the member counts no more
 */
record PartialSum(
    @Stored("sum") long sum,
    @Stored("by") @Nullable String by,
    @Stored("folded") boolean folded) {

  static final RecordCodec<PartialSum> CODEC = RecordCodec.of(PartialSum.class, 1);

  /** A member that has counted nothing. */
  static final PartialSum NEW = new PartialSum(0, null, false);
}
