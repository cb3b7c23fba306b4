package io.zookit.testkit.internal.proxy;

import io.zookit.testkit.Op;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A fault that waits for its request.
 *
 * <p><i>Threads:</i> counted by the proxy's thread; whether it has landed is read by any.
 */
public final class ArmedFault {

  /** The effect on the request. */
  public enum Kind {
    /** It does not reach the server; the connection is closed. */
    CUT_BEFORE("cut before"),
    /** The server handles it; the answer is swallowed and the connection is closed. */
    CUT_AFTER("cut after"),
    /** It does not reach the server and nothing passes the connection any more, which stays open. */
    BLACK_HOLE("black hole at");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final Kind kind;
  private final Op op;
  private final int nth;
  private final CountDownLatch landing = new CountDownLatch(1);

  /** Written and read by the proxy's thread only. */
  private int toGo;

  /**
   * A fault that meets the n-th request of a kind.
   *
   * @param nth 1 or more
   */
  public ArmedFault(Kind kind, Op op, int nth) {
    if (nth < 1) {
      throw new IllegalArgumentException("n: " + nth + " (expected: 1 or more)");
    }
    this.kind = kind;
    this.op = op;
    this.nth = nth;
    this.toGo = nth;
  }

  /** Returns whether it has happened: the connection is cut or silent, or is about to be. */
  public boolean landed() {
    return landing.getCount() == 0;
  }

  /** Waits until it has happened; false when it has not in time. */
  public boolean await(Duration atMost) throws InterruptedException {
    return landing.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public String toString() {
    return kind.words + " " + op + " " + nth + (landed() ? " (landed)" : " (waiting)");
  }

  /** Its effect on the request. */
  public Kind kind() {
    return kind;
  }

  /** Counts a request; true when it is the one. */
  public boolean meets(Op request) {
    if (op.covers(request) && toGo > 0) {
      toGo--;
      return toGo == 0;
    }
    return false;
  }

  /** Another fault takes the request that this one has met. */
  public void waitForNext() {
    toGo = 1;
  }

  /** It happens now. */
  public void land() {
    landing.countDown();
  }
}
