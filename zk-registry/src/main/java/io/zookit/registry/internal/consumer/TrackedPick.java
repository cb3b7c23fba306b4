package io.zookit.registry.internal.consumer;

import io.zookit.core.Timekeeper;
import io.zookit.registry.Pick;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.selection.ServiceMember;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;

/** A pick whose result is counted in the statistics of its instance. */
final class TrackedPick implements Pick {

  private static final AtomicIntegerFieldUpdater<TrackedPick> ENDED =
      AtomicIntegerFieldUpdater.newUpdater(TrackedPick.class, "ended");

  private final ServiceMember member;
  private final Timekeeper timekeeper;
  private final Consumer<ServiceMember> onResult;
  private final long begun;
  private final long slot;

  @SuppressWarnings(
      "UnusedVariable") // changed through its updater, which needs no object of its own
  private volatile int ended;

  TrackedPick(
      ServiceMember member, long begun, Timekeeper timekeeper, Consumer<ServiceMember> onResult) {
    this.member = member;
    this.timekeeper = timekeeper;
    this.onResult = onResult;
    this.begun = begun;
    this.slot = member.stats().begin(begun);
  }

  @Override
  public ServiceInstance instance() {
    return member.instance();
  }

  @Override
  public void succeeded() {
    if (end()) {
      long now = timekeeper.nanos();
      member.stats().succeed(now, now - begun);
      onResult.accept(member);
    }
  }

  @Override
  public void failed() {
    if (end()) {
      long now = timekeeper.nanos();
      member.stats().fail(now, now - begun);
      onResult.accept(member);
    }
  }

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
