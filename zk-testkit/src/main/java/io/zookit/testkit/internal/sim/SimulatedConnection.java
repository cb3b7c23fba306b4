package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.session.Answer;
import org.apache.zookeeper.Watcher.Event.EventType;

/** The connection of a client to one server. */
public final class SimulatedConnection {

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

  /** The session that uses it. */
  public long sessionId() {
    return session.id();
  }

  /** The server at its other end. */
  public SimulatedServer server() {
    return server;
  }

  /** Returns whether it has not ended. */
  public boolean isOpen() {
    return open;
  }

  /** Returns whether the client library's own pings arrive. */
  boolean isPinging() {
    VirtualProcess process = session.process();
    return open && !deaf && !process.isFrozen() && !process.isKilled();
  }

  void send(SimulatedRequest request) {
    up.send(() -> server.receive(this, request));
  }

  void reply(SimulatedRequest request, Answer<Object> answer, long zxid) {
    down.send(() -> session.process().hear(() -> session.onReply(this, request, answer, zxid)));
  }

  void event(EventType type, String path) {
    down.send(() -> session.process().hear(() -> session.onEvent(this, type, path)));
  }

  /** Lets nothing arrive any more that the client sends, and in both directions nothing at all. */
  public void silence(boolean bothWays) {
    deaf = true;
    up.hold();
    if (bothWays) {
      down.hold();
    }
    session.expectNews(this);
  }

  /** Breaks the connection: what is under way is lost, and both sides learn of it. */
  public void cut() {
    if (open) {
      open = false;
      up.cut();
      down.cut();
      server.disconnected(this);
      time.within(
          0,
          2 * VirtualTime.MILLI,
          () -> session.process().hear(() -> session.onDisconnected(this)));
    }
  }

  @Override
  public String toString() {
    return "connection of " + Long.toHexString(sessionId()) + (open ? "" : " cut");
  }
}
