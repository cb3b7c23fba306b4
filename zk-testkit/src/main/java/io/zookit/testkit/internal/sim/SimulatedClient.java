package io.zookit.testkit.internal.sim;

import io.zookit.core.SessionState;
import io.zookit.core.SessionView;
import io.zookit.core.Subscription;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.jspecify.annotations.Nullable;

/**
 * A client that the modules' engines run on, over a simulated library. It follows the sessions as a real client does: a
 * greeting behind every connect, owed deletes before anything new, a heartbeat while nothing else is answered.
 */
public final class SimulatedClient extends SimulatedCore implements SimulatedCurator.Listener {

  private final SimulatedCurator curator;
  private final SimulatedEnsemble ensemble;
  private final ZkPath sentinel;
  private final Consumer<Throwable> failures;
  private final List<SessionListener> listeners = new ArrayList<>();
  private @Nullable SimulatedHandle handle;
  private boolean known;
  private boolean believed;

  /** True if the deadline of the session has passed since it was disconnected, until it is connected again. */
  private boolean lapsed;

  private boolean owns;

  /**
   * Creates a client over a library that others may use, too.
   *
   * @param failures receives what tasks of the loop throw
   */
  public SimulatedClient(
      String label, ZkPath root, SimulatedCurator curator, Consumer<Throwable> failures) {
    super(label, root, curator.process());
    this.curator = curator;
    this.ensemble = curator.ensemble();
    this.sentinel = root.own("~suspect");
    this.failures = failures;
    this.listeners.add(debt());
    curator.listen(this);
  }

  /** Creates a client that keeps its sessions, and whose close ends the one of its library, too. */
  public static SimulatedClient owning(
      String label, ZkPath root, SimulatedCurator curator, Consumer<Throwable> failures) {
    SimulatedClient client = new SimulatedClient(label, root, curator, failures);
    client.owns = true;
    curator.keepSessions();
    return client;
  }

  /** The ensemble that it uses. */
  public SimulatedEnsemble ensemble() {
    return ensemble;
  }

  /** The library that it uses. */
  public SimulatedCurator curator() {
    return curator;
  }

  /** The handle of the session in use. */
  public Optional<SimulatedHandle> simulatedHandle() {
    return Optional.ofNullable(handle);
  }

  /** The connection in use. */
  public Optional<SimulatedConnection> connection() {
    return curator.session().map(SimulatedSession::connection);
  }

  /** Runs a task on the loop. */
  public void run(Runnable task) {
    loop().execute(() -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        failures.accept(e);
      }
    });
  }

  // Sessions.

  @Override
  public void onOpened(SimulatedSession session) {
    SimulatedHandle before = handle;
    SimulatedHandle opened = before == null ? new SimulatedHandle(this, session) : before;
    if (before == null) {
      handle = opened;
      known = false;
    } else {
      opened.swap(session);
    }
    run(() -> {
      opened.toConnected();
      debt().onConnected(opened);
      greet(opened);
      beat(opened, session);
    });
  }

  @Override
  public void onReconnected(SimulatedSession session) {
    run(() -> {
      SimulatedHandle now = handle;
      if (now != null && now.session() == session) {
        now.toConnected();
        debt().onConnected(now);
        reportUnset(now, session);
        greet(now);
      }
    });
  }

  @Override
  public void onDisconnected(SimulatedSession session) {
    run(() -> {
      SimulatedHandle now = handle;
      if (now != null && now.session() == session) {
        now.toDisconnected();
        tellSuspect();
        awaitDeadline(now, session);
      }
    });
  }

  @Override
  public void onGivenUp(SimulatedSession session) {
    run(() -> {
      SimulatedHandle now = handle;
      if (now != null && now.session() == session && ensemble.has(Defect.DEBTS_FORGOTTEN)) {
        debt().onLost(now);
      }
    });
  }

  private void awaitDeadline(SimulatedHandle suspect, SimulatedSession session) {
    Duration left = Duration.ofNanos(Math.max(0, suspect.remaining()) + 1);
    process()
        .after(
            left,
            () -> run(() -> {
              if (!isCurrent(suspect, session) || suspect.isConnected() || lapsed) {
                return;
              }
              if (suspect.remaining() > 0) {
                awaitDeadline(suspect, session);
              } else if (known && !ensemble.has(Defect.DEADLINE_UNREPORTED)) {
                lapsed = true;
                tell(listener -> listener.onDeadline(suspect));
              }
            }));
  }

  @Override
  public void onOver(SimulatedSession session) {
    if (ensemble.has(Defect.SESSIONS_SWAPPED_SILENTLY)) {
      return;
    }
    run(() -> {
      SimulatedHandle over = handle;
      if (over == null || over.session() != session) {
        return;
      }
      tellSuspect();
      over.toOver();
      handle = null;
      if (known) {
        tell(listener -> listener.onLost(over));
      }
      known = false;
      lapsed = false;
    });
  }

  private boolean isCurrent(SimulatedHandle other, SimulatedSession session) {
    return handle == other && other.session() == session;
  }

  private void greet(SimulatedHandle greeted) {
    SimulatedSession session = greeted.session();
    greeted.sync(sentinel, synced -> {});
    greeted.exists(sentinel, null, answer -> {
      if (answer.isAnswered()
          && isCurrent(greeted, session)
          && greeted.isConnected()
          && !believed) {
        known = true;
        believed = true;
        lapsed = false;
        session.forgetUnset();
        tell(listener -> listener.onConnected(greeted));
      }
    });
  }

  /** Reports the watches that ended with a handle, behind a sync: the server may be behind what was seen. */
  private void reportUnset(SimulatedHandle attached, SimulatedSession session) {
    List<Watcher> unset = session.unset();
    if (!unset.isEmpty() && !ensemble.has(Defect.WATCHES_UNREPORTED)) {
      attached.sync(sentinel, synced -> {});
      WatchedEvent removed =
          new WatchedEvent(EventType.DataWatchRemoved, KeeperState.SyncConnected, "/");
      unset.forEach(watcher -> watcher.process(removed));
    }
  }

  private void beat(SimulatedHandle beaten, SimulatedSession session) {
    long pause = session.timeout() / 4;
    process().after(Duration.ofNanos(pause), () -> {
      if (isCurrent(beaten, session)) {
        run(() -> beatNow(beaten, pause));
        beat(beaten, session);
      }
    });
  }

  private void beatNow(SimulatedHandle beaten, long pause) {
    SimulatedSession session = beaten.session();
    if (beaten.isConnected() && beaten.remaining() <= 0) {
      tellSuspect();
      beaten.sync(sentinel, answer -> onBeat(beaten, session, answer));
    } else if (beaten.isConnected() && beaten.isQuietFor(pause)) {
      beaten.exists(sentinel, null, answer -> onBeat(beaten, session, answer));
    }
  }

  private void onBeat(SimulatedHandle beaten, SimulatedSession session, Answer<?> answer) {
    if (answer.isAnswered() && isCurrent(beaten, session) && !believed) {
      greet(beaten);
    }
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

  // What users see of a session.

  @Override
  public SessionView session() {
    SimulatedHandle now = handle;
    if (now == null || isClosed()) {
      return new SessionView(SessionState.LOST, Duration.ZERO, Duration.ZERO);
    }
    if (lapsed) {
      return new SessionView(SessionState.LOST, Duration.ZERO, now.timeout());
    }
    return believed && now.isSafe()
        ? new SessionView(SessionState.CONNECTED, Duration.ofNanos(now.remaining()), now.timeout())
        : new SessionView(SessionState.SUSPECT, Duration.ZERO, now.timeout());
  }

  @Override
  public Subscription onSession(Consumer<? super SessionView> listener) {
    SerialLane lane = lane(label() + " session");
    AtomicBoolean open = new AtomicBoolean(true);
    Consumer<SessionView> tell = view -> lane.execute(() -> {
      if (open.get()) {
        listener.accept(view);
      }
    });
    tell.accept(session());
    SessionListener transitions = new SessionListener() {
      @Override
      public void onConnected(SessionHandle connected) {
        tell.accept(session());
      }

      @Override
      public void onSuspect(SessionHandle suspect) {
        tell.accept(new SessionView(SessionState.SUSPECT, Duration.ZERO, suspect.timeout()));
      }

      @Override
      public void onDeadline(SessionHandle suspect) {
        tell.accept(new SessionView(SessionState.LOST, Duration.ZERO, suspect.timeout()));
      }

      @Override
      public void onLost(SessionHandle lost) {
        if (!lapsed) {
          tell.accept(new SessionView(SessionState.LOST, Duration.ZERO, lost.timeout()));
        }
      }
    };
    listeners.add(transitions);
    return () -> {
      open.set(false);
      listeners.remove(transitions);
    };
  }

  /** Waits in virtual time: lets everything happen that is due before a session is connected. */
  @Override
  public void awaitConnected(Duration limit) {
    VirtualTime time = ensemble.time();
    long end = time.nanos() + Timeouts.nanos(limit);
    while (!believed) {
      if (time.nanos() >= end || !time.step()) {
        throw new ZkTimeoutException(label() + ": not connected within " + limit);
      }
    }
  }

  @Override
  public void close() {
    super.close();
    if (owns) {
      curator.close();
    }
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
    return label() + " " + (handle == null ? "without a session" : handle.toString())
        + (believed ? " believed" : "") + (process().isFrozen() ? " frozen" : "");
  }
}
