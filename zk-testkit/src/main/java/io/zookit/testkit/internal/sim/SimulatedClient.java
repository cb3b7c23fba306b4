package io.zookit.testkit.internal.sim;

import io.zookit.core.Subscription;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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

  SimulatedEnsemble ensemble() {
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
      }
    });
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
        tell(listener -> listener.onConnected(greeted));
      }
    });
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
