package io.zookit.core.internal.session;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Timer of the deadline of a session that is disconnected: another client may use its locks from then on. On the loop. */
final class DeadlineTimer {

  private final Timekeeper timekeeper;
  private final SerialLane loop;
  private final Consumer<WireHandle> passed;
  private @Nullable Subscription timer;

  /**
   * Creates a timer that does not run.
   *
   * @param passed receives a session that is disconnected when its deadline passes
   */
  DeadlineTimer(Timekeeper timekeeper, SerialLane loop, Consumer<WireHandle> passed) {
    this.timekeeper = timekeeper;
    this.loop = loop;
    this.passed = passed;
  }

  /** Waits for the deadline of a session, and for that of no other any longer. */
  void start(WireHandle handle) {
    stop();
    Duration left = Duration.ofNanos(Math.max(0, handle.remaining()) + 1);
    timer = timekeeper.after(left, () -> loop.execute(() -> check(handle)));
  }

  private void check(WireHandle handle) {
    if (handle.isConnected() || handle.isOver()) {
      return;
    }
    if (handle.remaining() > 0) {
      start(handle); // it was connected meanwhile, and has longer now
    } else {
      passed.accept(handle);
    }
  }

  /** Waits for no deadline. */
  void stop() {
    if (timer != null) {
      timer.close();
      timer = null;
    }
  }
}
