package io.zookit.lock;

import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of a connection: what is sent arrives later, in the order it was sent, or never. */
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

  /** From now on nothing arrives; what is sent waits. */
  void hold() {
    held = true;
  }

  /** Everything that waits arrives. */
  void release() {
    held = false;
    drain();
  }

  /** What is under way is lost, and all that follows. */
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
