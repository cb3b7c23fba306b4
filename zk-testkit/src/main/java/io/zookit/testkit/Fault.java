package io.zookit.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A fault that waits for its request at a {@link FaultProxy}, and says whether it has met it.
 *
 * <p>A test whose fault has not landed has shown nothing: assert {@link #landed}.
 */
public final class Fault {

  /** The effect on the request. */
  enum Kind {
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
  private final Runnable disarm;
  private final CountDownLatch landing = new CountDownLatch(1);

  /** Written and read by the proxy's thread only. */
  private int toGo;

  Fault(Kind kind, Op op, int nth, Consumer<Fault> disarm) {
    if (nth < 1) {
      throw new IllegalArgumentException("n: " + nth + " (expected: 1 or more)");
    }
    this.kind = kind;
    this.op = op;
    this.nth = nth;
    this.toGo = nth;
    this.disarm = () -> disarm.accept(this);
  }

  /** Returns whether it has happened: the connection is cut or silent, or is about to be. */
  public boolean landed() {
    return landing.getCount() == 0;
  }

  /** Waits until it has happened; false when it has not in time. */
  public boolean await(Duration atMost) throws InterruptedException {
    return landing.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Takes it back, if it has not met its request yet. */
  public void disarm() {
    disarm.run();
  }

  @Override
  public String toString() {
    return kind.words + " " + op + " " + nth + (landed() ? " (landed)" : " (waiting)");
  }

  Kind kind() {
    return kind;
  }

  /** Counts a request; true when it is the one. */
  boolean meets(Op request) {
    if (op.covers(request) && toGo > 0) {
      toGo--;
      return toGo == 0;
    }
    return false;
  }

  /** Another fault takes the request that this one has met. */
  void waitForNext() {
    toGo = 1;
  }

  void land() {
    landing.countDown();
  }
}
