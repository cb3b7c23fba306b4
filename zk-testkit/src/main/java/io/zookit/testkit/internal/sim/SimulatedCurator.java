package io.zookit.testkit.internal.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * The client library of one process, with what keeps its connection: it has one session, connects again when a connection
 * breaks, and opens the next session when one is over. Several clients may share it.
 *
 * <p>A library that has received nothing from any server for four thirds of the timeout abandons its handle. With Curator the next
 * handle has a new session; with a keeper of its own ({@link #keepSessions}) the client attaches it to the same one.
 */
public final class SimulatedCurator {

  /** Learns of sessions, in the order of what happens to them. */
  interface Listener {

    /** A new session is connected. */
    void onOpened(SimulatedSession session);

    /** The session is connected again. */
    void onReconnected(SimulatedSession session);

    /** The session lost its connection. */
    void onDisconnected(SimulatedSession session);

    /** The library has given a handle of the session up; the next is attached to it. */
    void onGivenUp(SimulatedSession session);

    /** The session is over at this client, whatever the ensemble thinks. */
    void onOver(SimulatedSession session);
  }

  private final VirtualProcess process;
  private final VirtualTime time;
  private final SimulatedEnsemble ensemble;
  private final long timeout;
  private final List<Listener> listeners = new ArrayList<>();
  private @Nullable SimulatedSession session;
  private boolean isolated;
  private boolean keeping;
  private boolean closed;

  /** Creates a library that does nothing before {@link #connect}; the session timeout is in nanoseconds. */
  public SimulatedCurator(VirtualProcess process, SimulatedEnsemble ensemble, long timeout) {
    this.process = process;
    this.time = process.time();
    this.ensemble = ensemble;
    this.timeout = timeout;
  }

  void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Attaches to sessions again that the library has given up, from now on. */
  public void keepSessions() {
    keeping = true;
  }

  /** Returns whether several clients use it. */
  boolean isShared() {
    return listeners.size() > 1;
  }

  VirtualProcess process() {
    return process;
  }

  SimulatedEnsemble ensemble() {
    return ensemble;
  }

  /** The session that is not over at this client. */
  public Optional<SimulatedSession> session() {
    return Optional.ofNullable(session);
  }

  boolean isCurrent(SimulatedSession other) {
    return session == other;
  }

  /** Opens a session as soon as a server takes it. */
  public void connect() {
    process.within(VirtualTime.MILLI, 60 * VirtualTime.MILLI, () -> {
      SimulatedServer server = any();
      if (closed || session != null) {
        return;
      }
      if (isolated || !server.isUp()) {
        connect();
        return;
      }
      SimulatedSession opened = new SimulatedSession(this, timeout);
      SimulatedConnection connection = new SimulatedConnection(time, server, opened);
      long id = ensemble.open(timeout, server);
      server.connected(connection);
      session = opened;
      opened.open(connection, id);
      tell(listener -> listener.onOpened(opened));
    });
  }

  private SimulatedServer any() {
    return ensemble.servers().get(time.below(ensemble.servers().size()));
  }

  private void tell(Consumer<Listener> news) {
    new ArrayList<>(listeners).forEach(news);
  }

  void onDisconnected(SimulatedSession disconnected) {
    tell(listener -> listener.onDisconnected(disconnected));
    reconnect(disconnected);
  }

  private void reconnect(SimulatedSession lost) {
    long delay = time.chance(0.3) ? 900 * VirtualTime.MILLI : 40 * VirtualTime.MILLI;
    process.within(VirtualTime.MILLI, delay, () -> {
      if (closed || !isCurrent(lost) || lost.connection() != null) {
        return;
      }
      if (time.nanos() - lost.lastHeard() > timeout * 4 / 3) {
        giveUp(lost);
        return;
      }
      SimulatedServer server = any();
      if (isolated || !server.isUp() || server.tree().zxid() < lost.lastZxid()) {
        lost.lose(Code.CONNECTIONLOSS);
        reconnect(lost);
        return;
      }
      attach(lost, server);
    });
  }

  private void attach(SimulatedSession lost, SimulatedServer server) {
    boolean[] over = {false};
    server.ask(() -> {
      boolean alive = ensemble.reopen(lost.id(), server);
      server.tell(() -> {
        SimulatedConnection connection = new SimulatedConnection(time, server, lost);
        if (alive) {
          server.connected(connection);
        }
        process.hear(() -> {
          if (over[0]) {
            connection.cut(); // this attempt was given up
          } else {
            over[0] = true;
            onAnswer(lost, connection, alive);
          }
        });
      });
    });
    process.within(timeout / 4, timeout / 3, () -> {
      if (!over[0]) {
        over[0] = true;
        reconnect(lost);
      }
    });
  }

  private void onAnswer(SimulatedSession lost, SimulatedConnection connection, boolean alive) {
    if (closed || !isCurrent(lost) || lost.connection() != null) {
      connection.cut();
    } else if (!alive) {
      expire(lost);
    } else if (!connection.isOpen()) {
      reconnect(lost);
    } else {
      lost.open(connection, lost.id());
      tell(listener -> listener.onReconnected(lost));
    }
  }

  /** Cuts the connection, and lets none come into being until {@link #rejoin}. */
  public void isolate() {
    isolated = true;
    session().map(SimulatedSession::connection).ifPresent(SimulatedConnection::cut);
  }

  /** Ends {@link #isolate}. */
  public void rejoin() {
    isolated = false;
  }

  /** Gives a handle up: its session goes on with the next handle, if sessions are kept, or ends at this client. */
  public void giveUp(SimulatedSession session) {
    if (!keeping) {
      expire(session);
    } else if (isCurrent(session) && !closed) {
      boolean wasConnected = session.connection() != null;
      session.renew();
      tell(listener -> {
        if (wasConnected) {
          listener.onDisconnected(session);
        }
        listener.onGivenUp(session);
      });
      reconnect(session);
    }
  }

  /** Ends a session at this client, whatever the ensemble thinks, and opens the next. */
  public void expire(SimulatedSession over) {
    if (isCurrent(over)) {
      session = null;
      over.close(Code.SESSIONEXPIRED);
      tell(listener -> listener.onOver(over));
      connect();
    }
  }

  /** Closes the session at the ensemble, too; no other follows. */
  public void close() {
    closed = true;
    SimulatedSession open = session;
    if (open != null) {
      open.send(SimulatedRequest.close(answer -> {
        if (isCurrent(open)) {
          session = null;
          open.close(Code.SESSIONEXPIRED);
          tell(listener -> listener.onOver(open));
        }
      }));
    }
  }

  /** Kills the process: its connection breaks, and nothing of it runs any more. */
  public void kill() {
    closed = true;
    process.kill();
    session().map(SimulatedSession::connection).ifPresent(SimulatedConnection::cut);
  }

  @Override
  public String toString() {
    return session == null ? "no session" : "session " + session;
  }
}
