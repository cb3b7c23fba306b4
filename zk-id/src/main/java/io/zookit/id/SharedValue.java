package io.zookit.id;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.id.internal.counter.CounterEngine;
import io.zookit.id.internal.counter.ValueCell;
import io.zookit.id.internal.record.IdCalls;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that all processes read, and change one after the other: a limit, a cursor, a small table.
 *
 * <pre>{@code
 * record Limits(int perSecond, int burst) {}
 *
 * SharedValue<Limits> limits = SharedValue.named("limits", Limits.class, zk);
 * limits.update(before -> new Limits(before.map(Limits::perSecond).orElse(0) + 10, 20));
 * }</pre>
 *
 * <p>No change is lost and none is made twice, also if the answer of ZooKeeper was lost: the last 32 writes are stored with the
 * value, so a process finds out what became of its own. A name creates itself, without a value.
 *
 * <p>Components of the record are strings, {@code int}, {@code long}, {@code double}, {@code boolean}, {@code Instant}, {@code
 * Duration}, enums, records, lists of these and maps from strings to these, null only if they are {@code @Nullable}; they are
 * stored under their names. Up to 32 KiB.
 *
 * <p><i>Threads:</i> any. <i>Cost:</i> a round trip to read, one more to change; again for each change of another process in
 * between. Stored: 2 znodes.
 *
 * @param <T> a record
 */
public final class SharedValue<T extends Record> {

  private static final int MOST_BYTES = 32 * 1024;

  private final ValueCell cell;
  private final RecordCodec<T> codec;
  private final IdCalls calls;

  private SharedValue(ValueCell cell, RecordCodec<T> codec, IdCalls calls) {
    this.cell = cell;
    this.codec = codec;
    this.calls = calls;
  }

  /**
   * The value of a name. Nothing is sent.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, shared with no ids and no counters
   * @param type of the value
   * @throws IllegalArgumentException if the record has a component that cannot be stored
   */
  public static <T extends Record> SharedValue<T> named(
      String name, Class<T> type, ZkClient client) {
    CoreClient core = CoreClient.of(client);
    return new SharedValue<>(
        CounterEngine.in(core).value(name),
        RecordCodec.ofOwnNames(type).withLimit(MOST_BYTES),
        new IdCalls(core, IdCalls.STANDARD_LIMIT));
  }

  /**
   * A handle with another limit for calls that block; 10 s unless set.
   *
   * @param limit more than zero
   */
  public SharedValue<T> timeout(Duration limit) {
    return new SharedValue<>(cell, codec, new IdCalls(cell.client(), limit));
  }

  /**
   * Returns the newest value; empty if it was never set.
   *
   * @throws IdUnavailableException if there was no answer within the limit
   * @throws IdMismatchException if the name is one of another kind
   * @throws IdBlockedException if an operator has to raise the name first
   * @throws io.zookit.core.IncarnationException if the data in ZooKeeper are suspected to be restored or wiped
   */
  public Optional<T> read() throws InterruptedException {
    return decoded(
        calls.call(cell.toString(), "nothing was changed", cell::read).value());
  }

  /**
   * Changes the value.
   *
   * @param change returns the new value for the present one, which is empty if there is none; called again if another process
   *     changed it meanwhile. Runs in the calling thread
   * @return the new value
   * @throws IdUnavailableException if there was no answer within the limit, or if it cannot be found out any more what became
   *     of the change; it may have happened
   * @throws IdMismatchException if the name is one of another kind
   * @throws IdBlockedException if an operator has to raise the name first
   * @throws io.zookit.core.IncarnationException if the data in ZooKeeper are suspected to be restored or wiped
   */
  public T update(Function<Optional<T>, T> change) throws InterruptedException {
    long start = cell.client().timekeeper().nanos();
    while (true) {
      IdCalls rest = calls.since(start);
      ValueCell.SeenValue before = rest.call(cell.toString(), "nothing was changed", cell::read);
      T next = change.apply(decoded(before.value()));
      String json = new String(codec.encode(next), UTF_8);
      boolean changed =
          rest.call(cell.toString(), "the outcome is unknown", () -> cell.write(before, json));
      if (changed) {
        return next;
      }
    }
  }

  /** Sets the value, whatever it is; fails as {@link #update} does. */
  public void set(T value) throws InterruptedException {
    update(before -> value);
  }

  /**
   * Follows the value: it is kept current until it is closed. It has no value while none was set.
   *
   * <p><i>Cost:</i> a watch and a read for each change.
   */
  public LiveValue<T> follow() {
    return cell.follow(this::decoded);
  }

  private Optional<T> decoded(@Nullable String json) {
    if (json == null) {
      return Optional.empty();
    }
    Decoded<T> decoded = codec.decode(json.getBytes(UTF_8));
    if (decoded instanceof Decoded.Value<T> value) {
      return Optional.of(value.value());
    }
    throw new UnreadableDataException(cell + ": is not of this type: " + decoded);
  }

  @Override
  public String toString() {
    return cell.toString();
  }
}
