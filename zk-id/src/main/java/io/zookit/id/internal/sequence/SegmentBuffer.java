package io.zookit.id.internal.sequence;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.IdBlockedException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that were allocated to this process and are handed out one by one.
 *
 * <pre>
 *   current   the segment whose numbers are handed out
 *   spare     the next one, requested when half of the current one is used
 * </pre>
 *
 * <p>One refill is in flight at a time. A segment that is not above the current one is dropped, so numbers increase. A refill
 * takes more steps at once if the one before lasted less than a second, and fewer if it lasted longer than ten.
 *
 * <p>Numbers that are buffered when the data are found to be restored are dropped: another process may have them.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Cost:</i> a number out of the buffer is one atomic increment.
 */
public final class SegmentBuffer {

  /** The answer of {@link #poll} if there is no number. */
  public static final long NONE = Long.MIN_VALUE;

  private static final int MOST_STEPS = 64;
  private static final long SHORT_LIVED = Duration.ofSeconds(1).toNanos();
  private static final long LONG_LIVED = Duration.ofSeconds(10).toNanos();

  /** Consecutive numbers, of which those before an offset were handed out. */
  private static final class Segment {

    private static final Segment EMPTY = new Segment(new NumberRange(0, -1, 0), 0);

    private final long first;
    private final long size;
    private final long incarnation;
    private final AtomicLong used = new AtomicLong();

    /** The offset from which the next segment is requested. */
    private volatile long refillAt;

    Segment(NumberRange range, long incarnation) {
      this.first = range.first();
      this.size = range.last() - range.first() + 1;
      this.incarnation = incarnation;
      this.refillAt = size / 2;
    }

    long last() {
      return first + size - 1;
    }
  }

  private final NumberLine line;
  private final CoreClient client;
  private final AtomicReference<Segment> current = new AtomicReference<>(Segment.EMPTY);
  private final AtomicReference<@Nullable Segment> spare = new AtomicReference<>();
  private final AtomicReference<@Nullable CompletableFuture<Void>> refill = new AtomicReference<>();

  /** Written by the owner of the refill. */
  private volatile int steps = 1;

  private volatile @Nullable Long lastRefill;

  /** An empty buffer. */
  SegmentBuffer(NumberLine line) {
    this.line = line;
    this.client = line.client();
  }

  /** The allocation of its segments. */
  public NumberLine line() {
    return line;
  }

  /**
   * Returns a number out of the buffer, {@link #NONE} if it is empty.
   *
   * @throws io.zookit.core.IncarnationException if the data are not trusted
   */
  public long poll() {
    client.requireTrusted();
    while (true) {
      Segment segment = current();
      if (segment.used.get() < segment.size) {
        if (segment.incarnation != client.incarnation()) {
          current.compareAndSet(segment, Segment.EMPTY);
          continue;
        }
        long offset = segment.used.getAndIncrement();
        if (offset < segment.size) {
          if (offset >= segment.refillAt && !hasSpare()) {
            refillEarly(segment, offset);
          }
          return segment.first + offset;
        }
      }
      Segment next = spare.get();
      if (next == null) {
        return NONE;
      }
      current.compareAndSet(segment, next);
      spare.compareAndSet(next, null);
    }
  }

  private Segment current() {
    return Objects.requireNonNull(current.get());
  }

  private boolean hasSpare() {
    Segment next = spare.get();
    return next != null && next != current();
  }

  /** A failure is not reported here but to the caller that finds the buffer empty; before that it is tried again. */
  private void refillEarly(Segment segment, long offset) {
    if (refill.get() == null) {
      segment.refillAt = offset + (segment.size - offset) / 2 + 1;
      refill();
    }
  }

  /**
   * Requests a segment, or joins the request that is in flight.
   *
   * @return done when {@link #poll} may have numbers, or failed
   */
  public CompletableFuture<Void> refill() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    while (!refill.compareAndSet(null, mine)) {
      CompletableFuture<Void> theirs = refill.get();
      if (theirs != null) {
        return theirs;
      }
    }
    if (hasSpare()) { // arrived between the caller's look and now
      refill.set(null);
      mine.complete(null);
      return mine;
    }
    long incarnation;
    try {
      incarnation = client.incarnation();
    } catch (RuntimeException e) {
      refill.set(null);
      mine.completeExceptionally(e);
      return mine;
    }
    line.allocate(nextSteps())
        .whenComplete((range, failure) -> onRefilled(range, failure, incarnation, mine));
    return mine;
  }

  private int nextSteps() {
    long now = client.timekeeper().nanos();
    Long last = lastRefill;
    lastRefill = now;
    if (last != null) {
      if (now - last < SHORT_LIVED) {
        steps = Math.min(MOST_STEPS, steps * 2);
      } else if (now - last > LONG_LIVED) {
        steps = Math.max(1, steps / 2);
      }
    }
    return steps;
  }

  private void onRefilled(
      @Nullable NumberRange range,
      @Nullable Throwable failure,
      long incarnation,
      CompletableFuture<Void> mine) {
    if (range != null && range.first() > current().last()) {
      spare.set(new Segment(range, incarnation));
    }
    if (failure instanceof IdBlockedException) {
      spare.set(null);
      current.set(Segment.EMPTY);
    }
    refill.set(null);
    if (failure == null) {
      mine.complete(null);
    } else {
      mine.completeExceptionally(failure);
    }
  }

  /** Hands out a number as soon as there is one, without blocking. */
  public CompletableFuture<Long> next() {
    long number;
    try {
      number = poll();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    return number == NONE
        ? refill().thenCompose(refilled -> next())
        : CompletableFuture.completedFuture(number);
  }
}
