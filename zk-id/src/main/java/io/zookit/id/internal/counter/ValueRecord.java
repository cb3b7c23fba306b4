package io.zookit.id.internal.counter;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shared value, in {@code ids/<name>/~v}.
 *
 * @param changes how often it was changed
 * @param value as JSON; null before the first change
 * @param writes the last writes, oldest first: a client whose answer was lost finds its own among them
 */
record ValueRecord(
    @Stored("changes") long changes,
    @Stored("value") @Nullable String value,
    @Stored("writes") List<String> writes) {

  static final RecordCodec<ValueRecord> CODEC = RecordCodec.of(ValueRecord.class, 1);

  /** The number of writes that are kept. */
  static final int KEPT_WRITES = 32;

  /** A value that was never set. */
  static final ValueRecord UNSET = new ValueRecord(0, null, List.of());

  /** The record after a write. */
  ValueRecord with(String next, String write) {
    List<String> kept = new ArrayList<>(writes);
    kept.add(write);
    return new ValueRecord(
        changes + 1,
        next,
        List.copyOf(kept.subList(Math.max(0, kept.size() - KEPT_WRITES), kept.size())));
  }
}
