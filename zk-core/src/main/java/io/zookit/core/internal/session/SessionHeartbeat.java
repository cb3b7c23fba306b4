package io.zookit.core.internal.session;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeat of the session in use: every quarter of its timeout it sends a request if nothing else was answered, or detects
 * a connection that no event has reported. Used on the loop.
 *
 * <p><i>Cost:</i> one read for each quarter without another answer; one sync instead after a whole timeout without any.
 */
final class SessionHeartbeat {

  /** Receives what a heartbeat finds, on the loop. */
  interface Listener {

    /** Returns whether a session is the one in use. */
    boolean isInUse(WireHandle handle);

    /** Nothing was answered for a whole timeout. */
    void onSilence(WireHandle handle);

    /** A request of the heartbeat was answered. */
    void onAnswered(WireHandle handle);

    /** The library is connected, which no event has reported. */
    void onUnreportedConnection(WireHandle handle);
  }

  private final Timekeeper timekeeper;
  private final SerialLane loop;
  private final SessionChecks checks;
  private final Listener listener;
  private @Nullable Subscription timer;

  /** Creates a heartbeat that has not started. */
  SessionHeartbeat(
      Timekeeper timekeeper, SerialLane loop, SessionChecks checks, Listener listener) {
    this.timekeeper = timekeeper;
    this.loop = loop;
    this.checks = checks;
    this.listener = listener;
  }

  /** Starts the heartbeat of a session, instead of that of another; it ends by itself when the session is not in use. */
  void start(WireHandle handle) {
    stop();
    Duration quarter = handle.timeout().dividedBy(4);
    timer = timekeeper.after(quarter, () -> loop.execute(() -> beat(handle, quarter.toNanos())));
  }

  /** Ends the heartbeat. */
  void stop() {
    if (timer != null) {
      timer.close();
    }
  }

  private void beat(WireHandle handle, long quarter) {
    if (listener.isInUse(handle)) {
      start(handle);
      if (handle.isConnected()) {
        keepAlive(handle, quarter);
      } else if (handle.zooKeeper().getState().isConnected()) {
        listener.onUnreportedConnection(handle);
      }
    }
  }

  private void keepAlive(WireHandle handle, long quarter) {
    if (handle.remaining() <= 0) {
      listener.onSilence(handle);
      ZkPath watched = checks.watchedPath();
      handle.sync( // only the leader knows whether the session lives on
          watched, synced -> onAnswer(handle, synced.isAnswered()));
    } else if (handle.isQuietFor(quarter) || checks.isDue()) {
      checks.checkAgain(handle, answered -> onAnswer(handle, answered));
    }
  }

  private void onAnswer(WireHandle handle, boolean answered) {
    if (answered && listener.isInUse(handle)) {
      listener.onAnswered(handle);
    }
  }
}
