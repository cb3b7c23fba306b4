package io.zookit.id.internal.snowflake;

import io.zookit.id.internal.record.IdCalls;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A user's handle of the slot that its client holds of a name. */
public final class SlotHandle implements AutoCloseable {

  private final SlotHolder holder;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  SlotHandle(SlotHolder holder, Runnable onClose) {
    this.holder = holder;
    this.onClose = onClose;
  }

  /** Returns an id, and waits for a window or for the next tick if there is none now. */
  public long next(Duration limit) throws InterruptedException {
    IdCalls calls = null;
    while (true) {
      if (closed.get()) {
        throw new IllegalStateException(holder + ": closed");
      }
      long id = holder.poll();
      if (id >= 0) {
        return id;
      }
      if (id == SlotHolder.TOO_FAST) {
        holder.client().timekeeper().sleep(holder.layout().tick());
      } else {
        calls = calls == null ? new IdCalls(holder.client(), limit) : calls;
        calls.call(holder.toString(), "ids may be skipped", holder::refill);
      }
    }
  }

  /** Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      onClose.run();
    }
  }

  @Override
  public String toString() {
    return holder.toString();
  }
}
