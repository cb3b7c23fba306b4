package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a lock's observer, in order and off the loop, and the log what belongs on an operator's timeline. */
final class LockObservers {

  private static final Logger log = LoggerFactory.getLogger(LockObservers.class);

  private final String lock;
  private final LockObserver observer;
  private final Executor lane;

  private LockObservers(String lock, LockObserver observer, Executor lane) {
    this.lock = lock;
    this.observer = observer;
    this.lane = lane;
  }

  /** An observer who is told on a lane. */
  static LockObservers of(String lock, LockObserver observer, SerialLane lane) {
    return new LockObservers(lock, observer, lane);
  }

  /** Nobody; no thread is woken. */
  static LockObservers nobody(String lock) {
    return new LockObservers(lock, new LockObserver() {}, unheard -> {});
  }

  void onQueued(int ahead) {
    lane.execute(() -> observer.onQueued(lock, ahead));
  }

  void onGranted(FencingToken token, long waited) {
    lane.execute(() -> observer.onGranted(lock, token, Duration.ofNanos(waited)));
  }

  void onGivenUp(long waited) {
    lane.execute(() -> observer.onGivenUp(lock, Duration.ofNanos(waited)));
  }

  void onSuspect(FencingToken token) {
    lane.execute(() -> observer.onSuspect(lock, token));
  }

  void onLost(FencingToken token, String reason) {
    log.warn("lock {}: lost: {} (token {})", lock, reason, token);
    tellLost(token, reason);
  }

  /** Of a loss that is in the log already. */
  void tellLost(FencingToken token, String reason) {
    lane.execute(() -> observer.onLost(lock, token, reason));
  }

  void onReleased(FencingToken token, long held) {
    lane.execute(() -> observer.onReleased(lock, token, Duration.ofNanos(held)));
  }
}
