package io.zookit.console.http;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered when the answer is another than the one the client has, or with 304 when its time is over.
 *
 * <p><i>Threads:</i> any.
 */
final class LongPoll {

  private final HttpExchange exchange;
  private final String known;
  private final Runnable onEnd;
  private final AtomicBoolean answered = new AtomicBoolean();
  private @Nullable Subscription timer;

  LongPoll(HttpExchange exchange, String known, Runnable onEnd) {
    this.exchange = exchange;
    this.known = known;
    this.onEnd = onEnd;
  }

  synchronized void start(Timekeeper timekeeper, Duration wait) {
    if (!answered.get()) {
      timer = timekeeper.after(wait, this::expire);
    }
  }

  void offer(Rendered answer) {
    if ((answer.failure() != null || !answer.etag().equals(known))
        && answered.compareAndSet(false, true)) {
      end();
      exchange.send(answer);
    }
  }

  private void expire() {
    if (answered.compareAndSet(false, true)) {
      end();
      exchange.sendNotModified(known);
    }
  }

  private void end() {
    Subscription open;
    synchronized (this) {
      open = timer;
    }
    if (open != null) {
      open.close();
    }
    onEnd.run();
  }
}
