package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;

/**
 * Writes states in format version 2 and reads them in versions 1 and 2.
 *
 * <p>Version 2 holds the last few ends only, as text, and moves older ends and outcomes to ranges. A reader of version 1
 * would take the missing ones for unknown and would lose the ranges when it writes, so it is refused.
 */
public final class StateCodec {

  private static final int VERSION = 2;

  private final RecordCodec<StoredState> stored;

  private StateCodec(RecordCodec<StoredState> stored) {
    this.stored = stored;
  }

  static StateCodec withLimit(int bytes) {
    return new StateCodec(RecordCodec.of(StoredState.class, VERSION).withLimit(bytes));
  }

  /** Writes a state. */
  public byte[] encode(StateRecord state) {
    return stored.encode(StoredState.of(state));
  }

  /** Reads a state; whatever the bytes are, the answer is a value. */
  public Decoded<StateRecord> decode(byte[] data) {
    Decoded<StoredState> decoded = stored.decode(data);
    if (decoded instanceof Decoded.Value<StoredState> value) {
      try {
        return new Decoded.Value<>(value.value().toState(), value.version());
      } catch (IllegalArgumentException e) {
        return new Decoded.Malformed<>(String.valueOf(e.getMessage()));
      }
    }
    if (decoded instanceof Decoded.TooNew<StoredState> newer) {
      return new Decoded.TooNew<>(newer.version(), newer.minReader());
    }
    return new Decoded.Malformed<>(((Decoded.Malformed<StoredState>) decoded).reason());
  }
}
