package io.zookit.core.internal.session;

import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The greeting of a session at each connect: what must be known before anything is created, and what must be done before
 * others can queue behind this session. It is repeated until all of it is answered. Used on the loop.
 *
 * <pre>
 *   digest of the servers ──► data of the root ──► sessions before this one are closed ──► greeted
 *     ▲                          │                  (a new session only)
 *     └──── later, unanswered ◄──┘
 * </pre>
 */
final class SessionGreeting {

  /** The owner of the session. */
  interface Listener {

    /** Returns whether a session is in use and connected. */
    boolean isInUse(WireHandle handle);

    /** Returns whether the listeners of a session were ever notified that it is connected. */
    boolean isKnown(WireHandle handle);

    /** Returns whether the listeners of a session know that it is connected now. */
    boolean isReported(WireHandle handle);

    /** The session is greeted. May be called several times. */
    void onGreeted(WireHandle handle);
  }

  private final SerialLane loop;
  private final Timekeeper timekeeper;
  private final DigestAgreement digest;
  private final SessionChecks checks;
  private final DroppedSessions dropped;
  private final Supplier<Duration> delays;
  private final Listener listener;

  /**
   * Creates the greeting of all sessions of a client.
   *
   * @param delays returns the delay before the next try
   */
  SessionGreeting(
      SessionSource sessions,
      DigestAgreement digest,
      SessionChecks checks,
      DroppedSessions dropped,
      Supplier<Duration> delays,
      Listener listener) {
    this.loop = sessions.loop();
    this.timekeeper = sessions.timekeeper();
    this.digest = digest;
    this.checks = checks;
    this.dropped = dropped;
    this.delays = delays;
    this.listener = listener;
  }

  /** Greets a session that was just connected, or that answers again after a silence. */
  void begin(WireHandle handle) {
    digest.ask(handle, answered -> {
      if (answered) {
        compare(handle);
      } else {
        beginLater(handle);
      }
    });
  }

  private void compare(WireHandle handle) {
    checks.check(handle, answered -> {
      if (!listener.isInUse(handle)) {
        return;
      }
      if (answered) {
        closeOlder(handle);
      } else {
        beginLater(handle);
      }
    });
  }

  /** Ends the sessions before this one at the servers, too, before others can queue behind their nodes. */
  private void closeOlder(WireHandle handle) {
    if (listener.isKnown(handle)) {
      listener.onGreeted(handle);
    } else {
      dropped.closeBefore(handle, () -> {
        if (listener.isInUse(handle)) {
          listener.onGreeted(handle);
        }
      });
    }
  }

  private void beginLater(WireHandle handle) {
    timekeeper.after(delays.get(), () -> loop.execute(() -> beginAgain(handle)));
  }

  private void beginAgain(WireHandle handle) {
    if (listener.isInUse(handle) && !listener.isReported(handle)) {
      begin(handle);
    }
  }
}
