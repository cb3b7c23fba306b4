package io.zookit.lock;

import io.zookit.core.internal.session.Answer;
import org.apache.zookeeper.Watcher.Event.EventType;

/** A client's connection to one server. */
final class SimulatedConnection {

  private final VirtualTime time;
  private final SimulatedLink up;
  private final SimulatedLink down;
  private final SimulatedServer server;
  private final SimulatedSession session;
  private boolean open = true;
  private boolean deaf;

  SimulatedConnection(VirtualTime time, SimulatedServer server, SimulatedSession session) {
    this.time = time;
    this.server = server;
    this.session = session;
    this.up = new SimulatedLink(time);
    this.down = new SimulatedLink(time);
  }

  long sessionId() {
    return session.id();
  }

  SimulatedServer server() {
    return server;
  }

  boolean isOpen() {
    return open;
  }

  /** Whether the client library's own heartbeats arrive. */
  boolean isPinging() {
    return open && !deaf && !session.isStopped();
  }

  void send(SimulatedRequest request) {
    up.send(() -> server.receive(this, request));
  }

  void reply(SimulatedRequest request, Answer<Object> answer, long zxid) {
    down.send(() -> session.hear(() -> session.onReply(this, request, answer, zxid)));
  }

  void event(EventType type, String path) {
    down.send(() -> session.hear(() -> session.onEvent(this, type, path)));
  }

  /** From now on nothing the client sends arrives; what the server sends does, or not. */
  void silence(boolean bothWays) {
    deaf = true;
    up.hold();
    if (bothWays) {
      down.hold();
    }
    session.expectNews(this);
  }

  /** The connection breaks: what is under way is lost, both sides learn it. */
  void cut() {
    if (open) {
      open = false;
      up.cut();
      down.cut();
      server.disconnected(this);
      time.within(0, 2 * VirtualTime.MILLI, () -> session.hear(() -> session.onDisconnected(this)));
    }
  }

  @Override
  public String toString() {
    return "connection of " + Long.toHexString(sessionId()) + (open ? "" : " cut");
  }
}
