package io.zookit.id;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.id.internal.sequence.NumberLine;
import io.zookit.id.internal.sequence.NumberLines;
import io.zookit.id.internal.sequence.NumberRange;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Numbers that strictly increase over all processes, one write to ZooKeeper each: invoice numbers, versions, epochs.
 *
 * <pre>{@code
 * Sequence invoices = Sequence.named("invoice", zk).createFrom(1);
 * long number = invoices.next();
 * }</pre>
 *
 * <p>No number is handed out twice. Numbers are not dense: one whose caller crashed or lost the answer is skipped.
 *
 * <p>A name is created explicitly, because a sequence that begins again would hand out its numbers a second time. {@link
 * #createFrom} does so if the name does not exist. An application whose numbers must not begin again even after all data in
 * ZooKeeper were lost while none of its processes ran leaves the call out, and the name is created once by a tool.
 *
 * <p><i>Order:</i> a call that begins after another one has returned, in any process, receives a greater number.
 *
 * <p><i>Failure:</i> {@link IdUnavailableException} while ZooKeeper cannot be reached; {@link IdBlockedException} if the data
 * were restored from an older copy or damaged, which any process that remembers a number notices at its next call.
 *
 * <p><i>Threads:</i> any. One process may have many handles of a name, which share what they remember.
 *
 * <p><i>Cost:</i> one transaction in one round trip a number; two round trips more for the first. Concurrent calls neither
 * wait for nor refuse each other. Each number is a transaction of the ensemble, and 2^32 of them force the election of a
 * leader: at 4,000 numbers a second that is every 12 days. {@link Segments} cost a fraction of that. Stored: 2 znodes.
 */
public final class Sequence {

  private final NumberLine line;
  private final IdCalls calls;

  private Sequence(NumberLine line, IdCalls calls) {
    this.line = line;
    this.calls = calls;
  }

  /**
   * The sequence of a name. Nothing is sent.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, shared with no other kind of ids
   */
  public static Sequence named(String name, ZkClient client) {
    CoreClient core = CoreClient.of(client);
    return new Sequence(
        NumberLines.in(core).line(IdRecord.SEQUENCE, name),
        new IdCalls(core, IdCalls.STANDARD_LIMIT));
  }

  /**
   * A handle with another limit for calls that block; 10 s unless set.
   *
   * @param limit more than zero
   */
  public Sequence timeout(Duration limit) {
    return new Sequence(line, new IdCalls(line.client(), limit));
  }

  /**
   * Creates the name unless it exists; an existing one keeps its numbers.
   *
   * <p><i>Cost:</i> 2 round trips if it exists, otherwise 5 at most.
   *
   * @param first the first number, 0 or more
   * @return this
   * @throws IdMismatchException if the name exists with another kind of ids
   * @throws IdBlockedException if the name was deleted, and numbers that this process remembers would be handed out again
   * @throws IdUnavailableException if there was no answer; it may have been created, and the call may be repeated
   */
  public Sequence createFrom(long first) throws InterruptedException {
    requireFirst(first);
    calls.call(line.toString(), "it may have been created", () -> line.create(first, 1));
    return this;
  }

  static void requireFirst(long first) {
    if (first < 0) {
      throw new IllegalArgumentException("first: " + first + " (expected: 0 or more)");
    }
  }

  /**
   * Returns the next number.
   *
   * @throws IdUnavailableException if there was no answer within the limit; a number may be skipped
   * @throws IdNotFoundException if the name does not exist
   * @throws IdMismatchException if the name is one of another kind of ids
   * @throws IdBlockedException if an operator has to raise the name first
   * @throws io.zookit.core.IncarnationException if the data in ZooKeeper are suspected to be restored or wiped
   */
  public long next() throws InterruptedException {
    return calls
        .call(line.toString(), "a number may be skipped", () -> line.allocate(1))
        .last();
  }

  /**
   * Returns the next number with the time at which it was allocated; fails as {@link #next} does.
   *
   * <p>The time is that of the leader's clock, so processes whose clocks differ agree on it. It may go back when that clock is
   * set back or another server leads; the numbers never do.
   */
  public StampedNumber nextStamped() throws InterruptedException {
    NumberRange range =
        calls.call(line.toString(), "a number may be skipped", () -> line.allocate(1));
    return new StampedNumber(range.last(), Instant.ofEpochMilli(range.millis()));
  }

  /**
   * Requests the next number without blocking; fails as {@link #next} does, and at once while not connected. A number whose
   * future was cancelled is skipped.
   */
  public CompletableFuture<Long> nextAsync() {
    return AsyncResult.of(
        line.allocate(1).thenApply(NumberRange::last), line.client().executor());
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
