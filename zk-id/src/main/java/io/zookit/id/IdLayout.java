package io.zookit.id;

import java.time.Duration;
import java.time.Instant;

/**
 * The division of the 63 bits of a {@link Snowflake} id: ticks since a start, then the slot of the process, then a number within
 * the tick. It is stored with the name and never differs between processes.
 *
 * <p>Immutable.
 */
public final class IdLayout {

  private static final Duration LEAST_LIFE = Duration.ofDays(366);
  private static final int MOST_SLOT_BITS = 14;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final int timeBits;
  private final int slotBits;
  private final int sequenceBits;
  private final Instant since;
  private final long tickMillis;

  private IdLayout(int timeBits, int slotBits, int sequenceBits, Instant since, long tickMillis) {
    this.timeBits = timeBits;
    this.slotBits = slotBits;
    this.sequenceBits = sequenceBits;
    this.since = since;
    this.tickMillis = tickMillis;
  }

  /**
   * A layout with ticks of a millisecond since 2026.
   *
   * @param timeBits of the ticks, 1 or more; 41 last 69 years
   * @param slotBits of the slots, 1 to 14; 10 allow 1,024 processes at a time
   * @param sequenceBits of the ids within a tick, 1 or more; 12 allow 4.096 million ids a second and process
   */
  public static IdLayout of(int timeBits, int slotBits, int sequenceBits) {
    if (timeBits < 1 || slotBits < 1 || sequenceBits < 1 || slotBits > MOST_SLOT_BITS) {
      throw new IllegalArgumentException("bits: " + timeBits + ", " + slotBits + ", " + sequenceBits
          + " (expected: 1 or more each, at most " + MOST_SLOT_BITS + " slot bits)");
    }
    if (timeBits + slotBits + sequenceBits > 63) {
      throw new IllegalArgumentException("bits: " + timeBits + " + " + slotBits + " + "
          + sequenceBits + " (expected: at most 63 together)");
    }
    return new IdLayout(timeBits, slotBits, sequenceBits, START, 1);
  }

  /**
   * A copy whose ticks count from another moment.
   *
   * @param start whole milliseconds; not in the future when ids are handed out
   */
  public IdLayout since(Instant start) {
    if (!start.equals(Instant.ofEpochMilli(start.toEpochMilli()))) {
      throw new IllegalArgumentException("since: " + start + " (expected: whole milliseconds)");
    }
    return new IdLayout(timeBits, slotBits, sequenceBits, start, tickMillis);
  }

  /**
   * A copy with longer ticks: they last longer, and a process has fewer ids a second.
   *
   * @param length whole milliseconds, 1 to 1,000
   */
  public IdLayout tick(Duration length) {
    long millis = length.toMillis();
    if (millis < 1 || millis > 1_000 || !length.equals(Duration.ofMillis(millis))) {
      throw new IllegalArgumentException(
          "tick: " + length + " (expected: 1 to 1000 whole milliseconds)");
    }
    return new IdLayout(timeBits, slotBits, sequenceBits, since, millis);
  }

  /** The bits of the ticks. */
  public int timeBits() {
    return timeBits;
  }

  /** The bits of the slot. */
  public int slotBits() {
    return slotBits;
  }

  /** The bits of the number within a tick. */
  public int sequenceBits() {
    return sequenceBits;
  }

  /** The moment from which ticks count. */
  public Instant since() {
    return since;
  }

  /** The length of a tick. */
  public Duration tick() {
    return Duration.ofMillis(tickMillis);
  }

  /** The number of processes that can hand out ids at a time. */
  public int slots() {
    return 1 << slotBits;
  }

  /** The greatest tick that fits. */
  public long lastTick() {
    return (1L << timeBits) - 1;
  }

  /**
   * Refuses a layout whose ticks are used up within a year.
   *
   * @throws IllegalArgumentException if they are, or if it begins in the future
   */
  public void requireLasting(Instant now) {
    if (since.isAfter(now)) {
      throw new IllegalArgumentException("since: " + since + " (expected: not after " + now + ")");
    }
    long left = lastTick() - ticksAt(now);
    if (left < LEAST_LIFE.toMillis() / tickMillis) {
      throw new IllegalArgumentException("timeBits: " + timeBits + " with ticks of " + tick()
          + " since " + since + " end within a year (expected: more bits, longer ticks or a later"
          + " start)");
    }
  }

  /** The tick of a moment; negative before the start. */
  public long ticksAt(Instant moment) {
    return Math.floorDiv(moment.toEpochMilli() - since.toEpochMilli(), tickMillis);
  }

  /** Composes an id of its parts. */
  public long id(long tick, int slot, long number) {
    return ((tick << slotBits) | slot) << sequenceBits | number;
  }

  /** The tick of an id. */
  public long tickOf(long id) {
    return id >>> (slotBits + sequenceBits);
  }

  /** The slot of an id. */
  public int slotOf(long id) {
    return (int) (id >>> sequenceBits & (slots() - 1));
  }

  /** The number of an id within its tick. */
  public long numberOf(long id) {
    return id & ((1L << sequenceBits) - 1);
  }

  /** About when an id was handed out: it may be earlier or later by minutes, as clocks do not decide about ids. */
  public Instant timeOf(long id) {
    return since.plusMillis(Math.multiplyExact(tickOf(id), tickMillis));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdLayout layout
        && layout.timeBits == timeBits
        && layout.slotBits == slotBits
        && layout.sequenceBits == sequenceBits
        && layout.since.equals(since)
        && layout.tickMillis == tickMillis;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * timeBits + slotBits) + sequenceBits) + since.hashCode();
  }

  @Override
  public String toString() {
    return timeBits + "-" + slotBits + "-" + sequenceBits + " bits, ticks of " + tick() + " since "
        + since;
  }
}
