package io.zookit.lock;

import io.zookit.core.Subscription;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.lock.SimulatedSession.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * One process: the engines over a simulated session. It follows its sessions as a real client does, with a heartbeat, a
 * greeting behind every connect, and deletes that are owed before anything new.
 */
final class SimulatedClient extends SimulatedCore {

  private static final ZkPath TAP = ROOT.own("~tap");

  private final VirtualTime time;
  private final SimulatedZooKeeper ensemble;
  private final Mutation mutation;
  private final long timeout;
  private final Consumer<Throwable> failures;
  private final List<SessionListener> listeners = new ArrayList<>();
  private @Nullable SimulatedHandle handle;
  private boolean known;
  private boolean believed;
  private boolean gone;

  SimulatedClient(
      String label,
      VirtualTime time,
      SimulatedZooKeeper ensemble,
      Mutation mutation,
      long timeout,
      Consumer<Throwable> failures) {
    super(label, new ProcessTime(time));
    this.time = time;
    this.ensemble = ensemble;
    this.mutation = mutation;
    this.timeout = timeout;
    this.failures = failures;
    this.listeners.add(debt());
  }

  VirtualTime time() {
    return time;
  }

  Mutation mutation() {
    return mutation;
  }

  /** Does something in this process after a while. */
  void within(long least, long most, Runnable task) {
    clock().within(least, most, task);
  }

  /** Something reaches the process, or will when it goes on. */
  void hear(Runnable news) {
    clock().hear(news);
  }

  boolean isStopped() {
    return clock().isStopped();
  }

  /** Stops the whole process for a while; the clock goes on. */
  void stop(long span) {
    clock().stop(span);
  }

  /** The session in use. */
  Optional<SimulatedSession> current() {
    return Optional.ofNullable(handle).map(SimulatedHandle::session);
  }

  boolean isGone() {
    return gone;
  }

  /** Runs a task on the loop; what it throws is a finding. */
  void run(Runnable task) {
    loop().execute(() -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        failures.accept(e);
      }
    });
  }

  void answer(SimulatedRequest request, Answer<Object> answer) {
    run(() -> request.reply.accept(answer));
  }

  // Connecting.

  /** Begins a new session as soon as a server takes it. */
  void connect() {
    clock().within(VirtualTime.MILLI, 60 * VirtualTime.MILLI, () -> {
      SimulatedServer server =
          ensemble.servers().get(time.below(ensemble.servers().size()));
      if (gone || (handle != null && mutation != Mutation.SESSIONS_SWAPPED_SILENTLY)) {
        return;
      }
      if (!server.isUp()) {
        connect();
        return;
      }
      SimulatedSession session = new SimulatedSession(this, timeout);
      SimulatedConnection connection = new SimulatedConnection(time, server, session);
      long id = ensemble.open(timeout, server);
      server.connected(connection);
      session.open(connection, id);
      if (handle == null) {
        handle = new SimulatedHandle(this, session);
        known = false;
      } else {
        handle.swap(session);
      }
      SimulatedHandle fresh = handle;
      run(() -> {
        session.to(Phase.CONNECTED);
        debt().onConnected(fresh);
        greet(fresh, session);
        beat(fresh, session);
      });
    });
  }

  void onDisconnected(SimulatedSession session) {
    run(() -> {
      if (isCurrent(session)) {
        session.to(Phase.DISCONNECTED);
        tellSuspect();
      }
    });
    reconnect(session);
  }

  private void reconnect(SimulatedSession session) {
    long delay = time.chance(0.3) ? 900 * VirtualTime.MILLI : 40 * VirtualTime.MILLI;
    clock().within(VirtualTime.MILLI, delay, () -> {
      if (gone || !isCurrent(session) || session.connection() != null) {
        return;
      }
      if (time.nanos() - session.lastHeard() > timeout * 4 / 3) {
        expire(session); // the library knows by itself
        return;
      }
      SimulatedServer server =
          ensemble.servers().get(time.below(ensemble.servers().size()));
      if (!server.isUp() || server.tree().zxid() < session.lastZxid()) {
        run(() -> session.lose(Code.CONNECTIONLOSS));
        reconnect(session);
        return;
      }
      ask(session, server);
    });
  }

  private void ask(SimulatedSession session, SimulatedServer server) {
    boolean[] over = {false};
    server.ask(() -> {
      boolean alive = ensemble.reopen(session.id(), server);
      server.tell(() -> {
        SimulatedConnection connection = new SimulatedConnection(time, server, session);
        if (alive) {
          server.connected(connection);
        }
        hear(() -> {
          if (over[0]) {
            connection.cut(); // this attempt was given up
          } else {
            over[0] = true;
            onAnswer(session, connection, alive);
          }
        });
      });
    });
    clock().within(timeout / 4, timeout / 3, () -> {
      if (!over[0]) {
        over[0] = true;
        reconnect(session);
      }
    });
  }

  private void onAnswer(SimulatedSession session, SimulatedConnection connection, boolean alive) {
    if (gone || !isCurrent(session) || session.connection() != null) {
      connection.cut();
    } else if (!alive) {
      expire(session);
    } else if (!connection.isOpen()) {
      reconnect(session);
    } else {
      session.open(connection, session.id());
      run(() -> reconnected(session));
    }
  }

  private void reconnected(SimulatedSession session) {
    SimulatedHandle now = handle;
    if (now != null && isCurrent(session)) {
      session.to(Phase.CONNECTED);
      debt().onConnected(now);
      greet(now, session);
    }
  }

  private void greet(SimulatedHandle greeted, SimulatedSession session) {
    greeted.sync(TAP, synced -> {});
    greeted.exists(TAP, null, answer -> {
      if (answer.isAnswered() && isCurrent(session) && greeted.isConnected() && !believed) {
        known = true;
        believed = true;
        tell(listener -> listener.onConnected(greeted));
      }
    });
  }

  private void beat(SimulatedHandle beaten, SimulatedSession session) {
    clock().after(Duration.ofNanos(timeout / 4), () -> {
      if (!gone && isCurrent(session)) {
        run(() -> beatNow(beaten, session));
        beat(beaten, session);
      }
    });
  }

  private void beatNow(SimulatedHandle beaten, SimulatedSession session) {
    if (beaten.isConnected() && beaten.remaining() <= 0) {
      tellSuspect();
      beaten.sync(TAP, answer -> heard(beaten, session, answer));
    } else if (beaten.isConnected() && session.isQuietFor(timeout / 4)) {
      beaten.exists(TAP, null, answer -> heard(beaten, session, answer));
    }
  }

  private void heard(SimulatedHandle beaten, SimulatedSession session, Answer<?> answer) {
    if (answer.isAnswered() && isCurrent(session) && !believed) {
      greet(beaten, session);
    }
  }

  /** The session is over for this process, whatever the ensemble thinks. */
  void expire(SimulatedSession session) {
    if (!isCurrent(session)) {
      return;
    }
    run(() -> session.close(Code.SESSIONEXPIRED));
    if (mutation == Mutation.SESSIONS_SWAPPED_SILENTLY) {
      connect();
      return;
    }
    run(() -> {
      SimulatedHandle over = handle;
      if (over == null || over.session() != session) {
        return;
      }
      tellSuspect();
      session.to(Phase.OVER);
      handle = null;
      if (known) {
        tell(listener -> listener.onLost(over));
      }
      known = false;
    });
    connect();
  }

  /** The process is killed. */
  void crash() {
    gone = true;
    SimulatedConnection open = current().map(SimulatedSession::connection).orElse(null);
    if (open != null) {
      open.cut();
    }
  }

  private boolean isCurrent(SimulatedSession session) {
    return handle != null && handle.session() == session;
  }

  private void tellSuspect() {
    SimulatedHandle now = handle;
    if (believed && now != null) {
      believed = false;
      tell(listener -> listener.onSuspect(now));
    }
  }

  private void tell(Consumer<SessionListener> what) {
    new ArrayList<>(listeners).forEach(what);
  }

  @Override
  public Optional<SessionHandle> handle() {
    return Optional.ofNullable(handle);
  }

  @Override
  public Subscription onSessions(SessionListener listener) {
    listeners.add(listener);
    SimulatedHandle now = handle;
    if (believed && now != null) {
      listener.onConnected(now);
    }
    return () -> listeners.remove(listener);
  }

  @Override
  public String toString() {
    return label() + " " + current().map(SimulatedSession::toString).orElse("without a session")
        + (believed ? " believed" : "") + (isStopped() ? " stopped" : "");
  }
}
