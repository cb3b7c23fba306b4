package io.zookit.id.internal.record;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.id.IdBlockedException;
import io.zookit.id.IdLayout;
import io.zookit.id.IdUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Record of a name, in {@code ids/<name>}. It is the fence: every write for the name is a transaction that begins with a
 * check of the record's version, so whatever replaces the record refuses all requests that were sent before.
 *
 * @param kind of the ids; never changes
 * @param state whether ids are allocated
 * @param incarnation of the data under which an operator, or the creation, approved the name
 * @param generation rises by one with every roll, raise and resize
 * @param base greatest number that was handed out before this generation
 * @param step numbers of one write
 * @param atLeast of a seal or block: the next number is not less
 * @param nextStep of a seal: the step of the next generation
 * @param reason why the name is blocked
 * @param layout of snowflake ids; changed by an operator only
 * @param previous of a seal: the layout until then, in whose ticks base and marks are
 */
public record IdRecord(
    @Stored("kind") String kind,
    @Stored("state") RecordState state,
    @Stored("incarnation") long incarnation,
    @Stored("generation") int generation,
    @Stored("base") long base,
    @Stored("step") @Nullable Long step,
    @Stored("atLeast") @Nullable Long atLeast,
    @Stored("nextStep") @Nullable Long nextStep,
    @Stored("reason") @Nullable String reason,
    @Stored("layout") @Nullable StoredLayout layout,
    @Stored("previous") @Nullable StoredLayout previous) {

  /** Numbers one by one, one write each. */
  public static final String SEQUENCE = "sequence";

  /** Numbers that processes take in segments. */
  public static final String SEGMENTS = "segments";

  /** Ids of time, slot and number; {@code base} is a tick, and all ids of this generation have later ones. */
  public static final String SNOWFLAKE = "snowflake";

  /** A count that is spread over members. */
  public static final String COUNTER = "counter";

  /** A value that processes change one after the other. */
  public static final String VALUE = "value";

  /** The format. */
  public static final RecordCodec<IdRecord> CODEC = RecordCodec.of(IdRecord.class, 1);

  /** The longest reason that is stored. */
  private static final int LONGEST_REASON = 500;

  /** The record of a new name whose first number is given. */
  public static IdRecord numbers(String kind, long first, long step, long incarnation) {
    return new IdRecord(
        kind, RecordState.OPEN, incarnation, 1, first - 1, step, null, null, null, null, null);
  }

  /** The record of a new name of snowflake ids, whose slots are not all created. */
  public static IdRecord snowflake(IdLayout layout, long incarnation) {
    return new IdRecord(
        SNOWFLAKE,
        RecordState.MAKING,
        incarnation,
        0,
        0,
        null,
        null,
        null,
        null,
        StoredLayout.of(layout),
        null);
  }

  /** The record of a new counter or shared value. */
  public static IdRecord shared(String kind, long incarnation) {
    return new IdRecord(
        kind, RecordState.OPEN, incarnation, 1, 0, null, null, null, null, null, null);
  }

  /**
   * The next generation, whose data an operator approved.
   *
   * @param approved the incarnation that is in force from now on
   */
  public IdRecord toApproved(long approved) {
    return new IdRecord(
        kind,
        RecordState.OPEN,
        approved,
        generation + 1,
        base,
        step,
        null,
        null,
        null,
        layout,
        null);
  }

  /**
   * Refuses data of another incarnation than the one that the client knows.
   *
   * @param about begins the text of the exception
   * @throws IdUnavailableException if the client does not know the record's incarnation yet
   * @throws IdBlockedException if the data were not approved in the one in force
   */
  public void requireApproved(Object about, long known) {
    if (known < incarnation) {
      throw new IdUnavailableException(about + ": approved in incarnation " + incarnation
          + ", which this client has not read yet (it knows " + known + "); nothing was sent");
    }
    if (known > incarnation) {
      throw new IdBlockedException(about + ": approved in incarnation " + incarnation
          + " (expected: " + known + ", the one in force); no ids until it is raised");
    }
  }

  /**
   * The next generation of a seal, or the first one.
   *
   * @param tick its ids have later ticks
   */
  public IdRecord toOpenAfter(long tick) {
    return new IdRecord(
        kind,
        RecordState.OPEN,
        incarnation,
        generation + 1,
        Math.max(base, tick),
        step,
        null,
        null,
        null,
        layout,
        null);
  }

  /**
   * A seal after which ids have another layout.
   *
   * @param next the layout
   */
  public IdRecord toNextLayout(IdLayout next) {
    return new IdRecord(
        kind,
        RecordState.SEALED,
        incarnation,
        generation,
        base,
        step,
        null,
        null,
        null,
        StoredLayout.of(next),
        layout);
  }

  /**
   * The record of a name whose slots are created again, or reset, for another layout.
   *
   * @param tick its ids have later ticks of the new layout
   */
  public IdRecord toMakingAfter(long tick) {
    return new IdRecord(
        kind,
        RecordState.MAKING,
        incarnation,
        generation + 1,
        tick,
        step,
        null,
        null,
        null,
        layout,
        null);
  }

  /** The number of ids that one write allocates. */
  public long stepOrOne() {
    return step == null ? 1 : step;
  }

  /**
   * The greatest number that is allocated when the counter has a version.
   *
   * @throws ArithmeticException if it does not fit into 63 bits
   */
  public long lastNumber(int version) {
    return Math.addExact(base, Math.multiplyExact(version, stepOrOne()));
  }

  /**
   * A seal: no request sent before passes, and a client that reads it opens the next generation. What a seal or block
   * before it demands of the next number stays.
   *
   * @param least the next number is not less; null for no condition
   * @param newStep the step of the next generation; null for the present one
   * @param approved the incarnation that is in force from now on
   */
  public IdRecord toSealed(@Nullable Long least, @Nullable Long newStep, long approved) {
    Long demanded = atLeast == null || (least != null && least > atLeast) ? least : atLeast;
    Long following = newStep == null ? nextStep : newStep;
    return new IdRecord(
        kind,
        RecordState.SEALED,
        approved,
        generation,
        base,
        step,
        demanded,
        following,
        null,
        layout,
        previous);
  }

  /**
   * The next generation of a seal.
   *
   * @param last the greatest number that was allocated before the seal, as far as the counter shows
   */
  public IdRecord toFinished(long last) {
    long least = atLeast == null ? last : Math.max(last, atLeast - 1);
    return new IdRecord(
        kind,
        RecordState.OPEN,
        incarnation,
        generation + 1,
        Math.max(base, least),
        nextStep == null ? step : nextStep,
        null,
        null,
        null,
        layout,
        null);
  }

  /**
   * A record under which nothing is allocated until an operator raises it.
   *
   * @param why for people
   * @param known the greatest generation that the process knows that blocks it, so that the next one is greater
   * @param least the next number is not less
   */
  public IdRecord toBlocked(String why, int known, long least) {
    return new IdRecord(
        kind,
        RecordState.BLOCKED,
        incarnation,
        Math.max(generation, known),
        base,
        step,
        atLeast == null ? least : Math.max(atLeast, least),
        nextStep,
        why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON),
        layout,
        previous);
  }
}
