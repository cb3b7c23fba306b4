package io.zookit.id;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.internal.counter.CounterEngine;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.id.internal.sequence.NumberAdmin;
import io.zookit.id.internal.snowflake.SnowflakeSlots;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Shows the names of ids, and changes them on behalf of an operator.
 *
 * <pre>{@code
 * IdInspector ids = IdInspector.in(zk);
 * ids.raise("invoice", 200_000);
 * }</pre>
 *
 * <p><i>Threads:</i> any; all calls block.
 *
 * <p><i>Failure:</i> {@link IdUnavailableException} without an answer within 10 s, or the limit that is set. Changes may then
 * have happened; each may be repeated.
 */
public final class IdInspector {

  private final NumberAdmin admin;
  private final CounterEngine counters;
  private final IdCalls calls;

  private IdInspector(NumberAdmin admin, CounterEngine counters, IdCalls calls) {
    this.admin = admin;
    this.counters = counters;
    this.calls = calls;
  }

  /** The names under a client's root. */
  public static IdInspector in(ZkClient client) {
    CoreClient core = CoreClient.of(client);
    return new IdInspector(
        new NumberAdmin(core), CounterEngine.in(core), new IdCalls(core, IdCalls.STANDARD_LIMIT));
  }

  /**
   * A copy with another limit for its calls.
   *
   * @param limit more than zero
   */
  public IdInspector timeout(Duration limit) {
    return new IdInspector(admin, counters, new IdCalls(calls.client(), limit));
  }

  /**
   * Returns all names, in alphabetical order. <i>Cost:</i> one listing, and one request for each 128 nodes, two a name.
   *
   * @throws IdUnavailableException if there is no answer
   */
  public List<IdReport> list() throws InterruptedException {
    return calls.call("ids", "nothing was changed", admin::list);
  }

  /**
   * Returns one name.
   *
   * @throws IdNotFoundException if it does not exist
   * @throws IdUnavailableException if there is no answer
   */
  public IdReport show(String name) throws InterruptedException {
    return calls.call("ids " + name, "nothing was changed", () -> admin.show(name));
  }

  /**
   * Creates a sequence, on behalf of applications that do not create it. The audit records it.
   *
   * @param first the first number, 0 or more
   * @return the name afterwards
   * @throws IdMismatchException if the name exists. Nothing was changed
   * @throws IdUnavailableException if there is no answer; it may have been created, and then the call repeated is refused
   * @throws io.zookit.core.IncarnationException if the data are suspected to be restored. Nothing was changed
   */
  public IdReport createSequence(String name, long first) throws InterruptedException {
    Sequence.requireFirst(first);
    return create(name, () -> admin.create(IdRecord.SEQUENCE, name, first, 1));
  }

  /**
   * Creates a name whose numbers are taken in segments, as {@link #createSequence} does.
   *
   * @param first the first number, 0 or more
   * @param size numbers of a segment, 1 to {@value Segments#MOST_NUMBERS}
   * @return the name afterwards
   */
  public IdReport createSegments(String name, long first, int size) throws InterruptedException {
    Sequence.requireFirst(first);
    Segments.requireSize(size);
    return create(name, () -> admin.create(IdRecord.SEGMENTS, name, first, size));
  }

  private IdReport create(String name, Supplier<CompletableFuture<IdReport>> request)
      throws InterruptedException {
    return calls.call("ids " + name, "it may have been created", request);
  }

  /**
   * Raises the next number of a name, and approves its data: a name that is blocked, or was created in an earlier
   * incarnation, hands out numbers again. Also re-creates a counter that does not exist. The next number is never less than
   * without the call. The audit records it.
   *
   * <p>The sum of a {@link Counter} is raised in the same way; a {@link SharedValue} stays as it is, and may be changed again.
   *
   * @param atLeast the next number is not less; after data were restored a number that no process has seen, 0 or more
   * @return the name afterwards
   * @throws IdNotFoundException if it does not exist. Nothing was changed
   * @throws IdMismatchException if its ids are those of a {@link Snowflake}, which need no raise. Nothing was changed
   * @throws IdUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   * @throws io.zookit.core.IncarnationException if the data are suspected to be restored; the incarnation is raised first.
   *     Nothing was changed
   */
  public IdReport raise(String name, long atLeast) throws InterruptedException {
    if (atLeast < 0) {
      throw new IllegalArgumentException("atLeast: " + atLeast + " (expected: 0 or more)");
    }
    return calls.call(
        "ids " + name,
        "the outcome is unknown",
        () -> admin.show(name).thenCompose(report -> switch (report.kind()) {
          case IdRecord.COUNTER ->
            counters.raiseCounter(name, atLeast).thenCompose(raised -> admin.show(name));
          case IdRecord.VALUE ->
            counters.approveValue(name).thenCompose(raised -> admin.show(name));
          default -> admin.raise(name, atLeast);
        }));
  }

  /**
   * Changes the size of the segments of a name, for all processes: what they take from now on has the new size. The audit
   * records it.
   *
   * @param size numbers of a segment, 1 to {@value Segments#MOST_NUMBERS}
   * @return the name afterwards
   * @throws IdMismatchException if the ids of the name are not taken in segments. Nothing was changed
   * @throws IdNotFoundException if it does not exist. Nothing was changed
   * @throws IdBlockedException if it has to be raised first. Nothing was changed
   * @throws IdUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   */
  public IdReport resize(String name, int size) throws InterruptedException {
    Segments.requireSize(size);
    return calls.call("ids " + name, "the outcome is unknown", () -> admin.resize(name, size));
  }

  /**
   * Changes the layout of a name of {@link Snowflake} ids, for all processes: ids of the new layout are greater than all that
   * were handed out before, and may therefore be ahead of the time. Processes with the layout before hand out what is left of
   * their windows, up to a minute or two, and then fail with {@link IdMismatchException} until they are started with the
   * new one. The audit records it.
   *
   * @param layout of all ids from now on
   * @return the name afterwards
   * @throws IllegalArgumentException if the layout begins in the future or ends within a year. Nothing was changed
   * @throws IdMismatchException if the name is one of another kind of ids. Nothing was changed
   * @throws IdNotFoundException if it does not exist. Nothing was changed
   * @throws IdBlockedException if the new layout has no ticks left behind the ids before
   * @throws IdUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   */
  public IdReport changeLayout(String name, IdLayout layout) throws InterruptedException {
    CoreClient client = calls.client();
    layout.requireLasting(client.timekeeper().now());
    return calls.call(
        "ids " + name,
        "the outcome is unknown",
        () -> SnowflakeSlots.in(client)
            .changeLayout(name, layout)
            .thenCompose(changed -> admin.show(name)));
  }
}
