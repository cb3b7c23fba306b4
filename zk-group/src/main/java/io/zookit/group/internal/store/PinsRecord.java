package io.zookit.group.internal.store;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Record of the moves by operators, in {@code groups/<g>/~pins}. Those that have ended are left out by the next change.
 *
 * @param pins at most one of a partition
 */
public record PinsRecord(@Stored("pins") List<StoredPin> pins) {

  /** The most moves of a group that are in force at a time. */
  public static final int MOST_PINS = 256;

  /** No moves. */
  public static final PinsRecord NONE = new PinsRecord(List.of());

  public static final RecordCodec<PinsRecord> CODEC = RecordCodec.of(PinsRecord.class, 1);

  /**
   * A partition that an operator has given to a member.
   *
   * @param partition its index
   * @param member the id
   * @param until its end
   */
  public record StoredPin(
      @Stored("p") int partition,
      @Stored("member") String member,
      @Stored("until") Instant until) {}

  /** Copies the moves. */
  public PinsRecord {
    pins = List.copyOf(pins);
  }

  /** The moves that have not ended, by partition. */
  public Map<Integer, StoredPin> inForce(Instant now) {
    Map<Integer, StoredPin> inForce = new HashMap<>();
    pins.stream()
        .filter(pin -> pin.until.isAfter(now))
        .forEach(pin -> inForce.put(pin.partition, pin));
    return inForce;
  }

  /** The next time at which a move ends. */
  public Optional<Instant> nextEnd(Instant now) {
    return inForce(now).values().stream().map(StoredPin::until).min(Instant::compareTo);
  }

  /** A copy without a move of a partition, and without those that have ended. */
  public PinsRecord without(int partition, Instant now) {
    return new PinsRecord(pins.stream()
        .filter(pin -> pin.partition != partition && pin.until.isAfter(now))
        .toList());
  }

  /** A copy with a move instead of that of the same partition, and without those that have ended. */
  public PinsRecord with(StoredPin pin, Instant now) {
    List<StoredPin> all = new ArrayList<>(without(pin.partition, now).pins);
    all.add(pin);
    return new PinsRecord(all);
  }
}
