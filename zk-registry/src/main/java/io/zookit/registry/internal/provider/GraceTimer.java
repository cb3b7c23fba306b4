package io.zookit.registry.internal.provider;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Timer of the grace period of a leaving node. Once it has begun it is never prolonged. Confined to the loop. */
final class GraceTimer {

  private final Timekeeper timekeeper;
  private final Executor loop;
  private final Runnable over;
  private @Nullable Running running;

  private record Running(long since, Duration length, Subscription timer) {}

  /** A grace that has not begun; {@code over} runs on the loop. */
  GraceTimer(Timekeeper timekeeper, Executor loop, Runnable over) {
    this.timekeeper = timekeeper;
    this.loop = loop;
    this.over = over;
  }

  /** Begins, unless it has begun. */
  void begin(Duration length) {
    if (running == null) {
      Subscription timer = timekeeper.after(length, () -> loop.execute(over));
      running = new Running(timekeeper.nanos(), length, timer);
    }
  }

  /** If it has begun, it ends after this time at the latest. */
  void shortenTo(Duration most) {
    Running now = running;
    if (now != null && left(now).compareTo(most) > 0) {
      stop();
      running = null;
      begin(most);
    }
  }

  private Duration left(Running now) {
    return now.length.minusNanos(timekeeper.nanos() - now.since);
  }

  /** Does not run {@code over} any more. */
  void stop() {
    if (running != null) {
      running.timer.close();
    }
  }
}
