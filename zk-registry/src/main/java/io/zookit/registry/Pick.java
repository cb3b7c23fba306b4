package io.zookit.registry;

import io.zookit.core.Timekeeper;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;

/**
 * An instance that was chosen for one call, and what becomes of the call: while it is open the call counts as under way,
 * and its end is what the rules learn from.
 *
 * <p>Only the first of {@link #succeeded}, {@link #failed} and {@link #close} counts. A pick that nobody ends stops
 * counting after some minutes.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Cost:</i> no request.
 */
public final class Pick implements AutoCloseable {

  private static final AtomicIntegerFieldUpdater<Pick> ENDED =
      AtomicIntegerFieldUpdater.newUpdater(Pick.class, "ended");

  private final ServiceMember member;
  private final Timekeeper timekeeper;
  private final Consumer<ServiceMember> onResult;
  private final long begun;
  private final long slot;

  @SuppressWarnings(
      "UnusedVariable") // changed through its updater, which needs no object of its own
  private volatile int ended;

  Pick(ServiceMember member, long begun, Timekeeper timekeeper, Consumer<ServiceMember> onResult) {
    this.member = member;
    this.timekeeper = timekeeper;
    this.onResult = onResult;
    this.begun = begun;
    this.slot = member.stats().begin(begun);
  }

  /** What was chosen. */
  public ServiceInstance instance() {
    return member.instance();
  }

  /** The call was answered as it should be, now. */
  public void succeeded() {
    if (end()) {
      long now = timekeeper.nanos();
      member.stats().succeed(now, now - begun);
      onResult.accept(member);
    }
  }

  /** The call was not answered, or in a way that is the instance's fault, now. */
  public void failed() {
    if (end()) {
      long now = timekeeper.nanos();
      member.stats().fail(now, now - begun);
      onResult.accept(member);
    }
  }

  /** The call is over, and nothing is to be learned from it unless it was said before. */
  @Override
  public void close() {
    end();
  }

  private boolean end() {
    boolean first = ENDED.compareAndSet(this, 0, 1);
    if (first) {
      member.stats().end(slot);
    }
    return first;
  }

  @Override
  public String toString() {
    return "pick of " + member.instance();
  }
}
