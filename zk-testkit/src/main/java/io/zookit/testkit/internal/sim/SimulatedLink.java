package io.zookit.testkit.internal.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of a connection: messages arrive later, in the order they were sent, or never. */
final class SimulatedLink {

  private final VirtualTime time;
  private final Deque<Runnable> arrived = new ArrayDeque<>();
  private long lastDue;
  private boolean held;
  private boolean cut;

  SimulatedLink(VirtualTime time) {
    this.time = time;
  }

  void send(Runnable arrival) {
    if (!cut) {
      lastDue = Math.max(lastDue, time.nanos() + time.flight());
      time.at(lastDue, () -> {
        arrived.add(arrival);
        drain();
      });
    }
  }

  /** Lets nothing arrive until {@link #release}; messages wait. */
  void hold() {
    held = true;
  }

  /** Lets everything arrive that waits. */
  void release() {
    held = false;
    drain();
  }

  /** Loses what is under way and all that follows. */
  void cut() {
    cut = true;
    arrived.clear();
  }

  private void drain() {
    while (!held && !cut && !arrived.isEmpty()) {
      arrived.remove().run();
    }
  }
}
