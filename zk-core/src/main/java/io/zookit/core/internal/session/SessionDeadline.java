package io.zookit.core.internal.session;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time until which the servers certainly keep a session: one timeout after the newest answered request was sent.
 *
 * <p>A deadline that has passed is moved only by requests that involve the leader, a write or a {@code sync}. A read is
 * answered by one server alone, which may not know yet that the leader has ended the session.
 *
 * <p><i>Threads:</i> any.
 */
final class SessionDeadline {

  private final Timekeeper timekeeper;
  private final AtomicLong newestAnsweredSend;
  private volatile long timeoutNanos;

  /** A deadline that has passed: nothing was answered yet. */
  SessionDeadline(Timekeeper timekeeper, Duration timeout) {
    this.timekeeper = timekeeper;
    this.timeoutNanos = timeout.toNanos();
    this.newestAnsweredSend = new AtomicLong(timekeeper.nanos() - timeoutNanos);
  }

  /** The moment to hand to {@link #answered} with the answer of what passes the leader. */
  long sending() {
    return timekeeper.nanos();
  }

  /** The same for a read; when the deadline has passed its answer says nothing. */
  long sendingRead() {
    long now = timekeeper.nanos();
    return nanos() - now > 0 ? now : newestAnsweredSend.get();
  }

  /** Takes note that what was sent at a moment was answered by a server. */
  void answered(long sent) {
    newestAnsweredSend.accumulateAndGet(sent, (a, b) -> a - b >= 0 ? a : b);
  }

  /** Nanoseconds left, negative when it has passed. */
  long remaining() {
    return nanos() - timekeeper.nanos();
  }

  /** On the clock of the client; compare by difference only. */
  long nanos() {
    return newestAnsweredSend.get() + timeoutNanos;
  }

  /** Tells if nothing that was sent within the last {@code nanos} was answered. */
  boolean isQuietFor(long nanos) {
    return timekeeper.nanos() - newestAnsweredSend.get() >= nanos;
  }

  Duration timeout() {
    return Duration.ofNanos(timeoutNanos);
  }

  void timeout(Duration timeout) {
    timeoutNanos = timeout.toNanos();
  }
}
