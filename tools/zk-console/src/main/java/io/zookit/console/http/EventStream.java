package io.zookit.console.http;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.views.ViewJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is sent again whenever it changes, as server-sent events. A client that reads slowly receives the newest one
 * only. A comment is sent every 15 seconds; the stream ends when its subject is no longer authenticated, or the client has read
 * nothing for a minute.
 *
 * <p><i>Threads:</i> any.
 */
final class EventStream {

  private static final Duration BEAT = Duration.ofSeconds(15);
  private static final int MOST_STUCK_BEATS = 4;
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final HttpExchange exchange;
  private final Timekeeper timekeeper;
  private final BooleanSupplier isAuthenticated;
  private final Runnable onEnd;
  private @Nullable Rendered waiting;
  private boolean writing = true; // from the first comment on
  private boolean ending;
  private boolean ended;
  private int stuck;
  private @Nullable Subscription beat;

  EventStream(
      HttpExchange exchange,
      Timekeeper timekeeper,
      BooleanSupplier isAuthenticated,
      Runnable onEnd) {
    this.exchange = exchange;
    this.timekeeper = timekeeper;
    this.isAuthenticated = isAuthenticated;
    this.onEnd = onEnd;
  }

  void start() {
    exchange.response().setStatus(200);
    exchange.set("Content-Type", "text/event-stream");
    exchange.set("X-Accel-Buffering", "no");
    write(COMMENT);
    beatLater();
  }

  /** Sends an answer, as soon as what is being sent is read. */
  void offer(Rendered answer) {
    synchronized (this) {
      if (ended || ending) {
        return;
      }
      if (writing) {
        waiting = answer;
        return;
      }
      writing = true;
    }
    write(event(answer));
  }

  private void beatLater() {
    Subscription next = timekeeper.after(BEAT, this::beat);
    synchronized (this) {
      beat = next;
    }
  }

  private void beat() {
    boolean valid = isAuthenticated.getAsBoolean();
    boolean send;
    synchronized (this) {
      if (ended) {
        return;
      }
      stuck = writing ? stuck + 1 : 0;
      ending = ending || !valid;
      if (stuck >= MOST_STUCK_BEATS) {
        ended = true;
      }
      send = !writing && !ended;
      writing = writing || send;
    }
    if (stuck >= MOST_STUCK_BEATS) {
      onEnd.run();
      exchange.callback().failed(new IllegalStateException("the client reads nothing"));
    } else {
      if (send) {
        write(COMMENT);
      }
      beatLater();
    }
  }

  private void write(byte[] bytes) {
    exchange
        .response()
        .write(false, ByteBuffer.wrap(bytes), Callback.from(this::written, this::failed));
  }

  private void written() {
    byte[] next = null;
    boolean end = false;
    synchronized (this) {
      if (ended) {
        return;
      }
      if (ending) {
        ended = true;
        end = true;
      } else if (waiting != null) {
        next = event(waiting);
        waiting = null;
      } else {
        writing = false;
      }
    }
    if (end) {
      cancel();
      exchange.response().write(true, ByteBuffer.allocate(0), exchange.callback());
    } else if (next != null) {
      write(next);
    }
  }

  private void failed(Throwable failure) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    cancel();
    exchange.callback().failed(failure);
  }

  private void cancel() {
    Subscription next;
    synchronized (this) {
      next = beat;
    }
    if (next != null) {
      next.close();
    }
    onEnd.run();
  }

  private static byte[] event(Rendered answer) {
    StringBuilder text = new StringBuilder();
    if (answer.failure() == null) {
      text.append("id: ").append(answer.etag()).append("\ndata: ");
      text.append(new String(answer.json(), StandardCharsets.UTF_8));
    } else {
      text.append("event: problem\ndata: ");
      text.append(ViewJson.write(Problem.of(answer.failure())));
    }
    return text.append("\n\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
