package io.zookit.id;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.sequence.NumberLine;
import io.zookit.id.internal.sequence.NumberLines;
import io.zookit.id.internal.sequence.SegmentBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Numbers that each process takes in segments: one write to ZooKeeper for many numbers.
 *
 * <pre>{@code
 * Segments orders = Segments.named("order-no", zk).createFrom(1, 1000);
 * long number = orders.next();
 * }</pre>
 *
 * <p>No number is handed out twice. Numbers are not dense: what a process has taken and not used is skipped when it ends.
 *
 * <p>A name is created explicitly, as for a {@link Sequence}. The size of a segment counts when the name is created; later
 * {@link IdInspector#resize} changes it for all processes. No process uses a size of its own.
 *
 * <p><i>Order:</i> numbers increase within a process, over all its threads and handles of one client. Between processes
 * they do not: each uses up its own segments.
 *
 * <p><i>Failure:</i> an outage of ZooKeeper is not noticed while there are numbers left, half a segment at least after a
 * refill; then {@link IdUnavailableException}.
 *
 * <p><i>Threads:</i> any. Handles of one client and name share the numbers.
 *
 * <p><i>Cost:</i> one transaction for a segment, in the background when half of the one before is used; a process that uses
 * up segments in less than a second takes up to 64 in one transaction. A number is one atomic increment. Stored: 2 znodes.
 */
public final class Segments {

  /** The most numbers of a segment. */
  public static final int MOST_NUMBERS = 1_000_000_000;

  private final SegmentBuffer buffer;
  private final NumberLine line;
  private final IdCalls calls;

  private Segments(SegmentBuffer buffer, IdCalls calls) {
    this.buffer = buffer;
    this.line = buffer.line();
    this.calls = calls;
  }

  /**
   * The segments of a name. Nothing is sent.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, shared with no other kind of ids
   */
  public static Segments named(String name, ZkClient client) {
    CoreClient core = CoreClient.of(client);
    return new Segments(
        NumberLines.in(core).buffer(name), new IdCalls(core, IdCalls.STANDARD_LIMIT));
  }

  /**
   * A handle with another limit for calls that block; 10 s unless set.
   *
   * @param limit more than zero
   */
  public Segments timeout(Duration limit) {
    return new Segments(buffer, new IdCalls(line.client(), limit));
  }

  /**
   * Creates the name unless it exists; an existing one keeps its numbers and its size.
   *
   * <p><i>Cost:</i> 2 round trips if it exists, otherwise 5 at most.
   *
   * @param first the first number, 0 or more
   * @param size numbers of a segment, 1 to {@value #MOST_NUMBERS}
   * @return this
   * @throws IdMismatchException if the name exists with another kind of ids
   * @throws IdBlockedException if the name was deleted, and numbers that this process remembers would be handed out again
   * @throws IdUnavailableException if there was no answer; it may have been created, and the call may be repeated
   */
  public Segments createFrom(long first, int size) throws InterruptedException {
    Sequence.requireFirst(first);
    requireSize(size);
    calls.call(line.toString(), "it may have been created", () -> line.create(first, size));
    return this;
  }

  static void requireSize(int size) {
    if (size < 1 || size > MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "size: " + size + " (expected: 1 to " + MOST_NUMBERS + ")");
    }
  }

  /**
   * Returns the next number of this process; blocks only while it has none left.
   *
   * @throws IdUnavailableException if none is left, and there was no answer within the limit; numbers may be skipped
   * @throws IdNotFoundException if the name does not exist
   * @throws IdMismatchException if the name is one of another kind of ids
   * @throws IdBlockedException if an operator has to raise the name first
   * @throws io.zookit.core.IncarnationException if the data in ZooKeeper are suspected to be restored or wiped
   */
  public long next() throws InterruptedException {
    long number = buffer.poll();
    while (number == SegmentBuffer.NONE) {
      calls.call(line.toString(), "numbers may be skipped", buffer::refill);
      number = buffer.poll();
    }
    return number;
  }

  /**
   * Returns the next number without blocking; fails as {@link #next} does, and at once if none is left while not connected.
   */
  public CompletableFuture<Long> nextAsync() {
    return AsyncResult.of(buffer.next(), line.client().executor());
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
