package io.zookit.core.internal.session;

import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;

/**
 * Waits for the event of a lost connection that answers have already shown.
 *
 * <p>The client library's own event comes after all such answers, or never: if it was about to remove a watch just
 * then, it mistakes the event of the removal for the one of the loss (3.9.5, {@code ClientCnxn.finishPacket} and
 * {@code EventThread}). Used on the loop.
 */
final class ExpectedLoss {

  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final int NONE = -1;

  private final Timekeeper timekeeper;
  private final SerialLane loop;
  private int heard;
  private int expected = NONE;

  ExpectedLoss(Timekeeper timekeeper, SerialLane loop) {
    this.timekeeper = timekeeper;
    this.loop = loop;
  }

  /** Runs something in a moment, unless the word has come by then. */
  void expect(Runnable missed) {
    int before = heard;
    if (expected != before) {
      expected = before;
      timekeeper.after(
          PATIENCE,
          () -> loop.execute(() -> {
            if (heard == before) {
              missed.run();
            }
          }));
    }
  }

  /** The word has come, or the connection is another one. */
  void heard() {
    heard++;
  }
}
