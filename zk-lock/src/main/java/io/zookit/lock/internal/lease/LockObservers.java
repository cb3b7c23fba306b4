package io.zookit.lock.internal.lease;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.lock.LockObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what happens to the requests and leases of a lock: to the meters, to the log if it belongs on an operator's time
 * line, and to the user's observer in order on a lane.
 */
public final class LockObservers {

  private static final Logger log = LoggerFactory.getLogger(LockObservers.class);
  private static final LockObserver NONE = new LockObserver() {};
  private static final Executor NO_LANE = task -> {};

  private final LockMeters meters;
  private final String lock;
  private final LockObserver observer;
  private final Executor lane;

  private LockObservers(LockMeters meters, String lock, LockObserver observer, Executor lane) {
    this.meters = meters;
    this.lock = lock;
    this.observer = observer;
    this.lane = lane;
  }

  /** Reports to an observer on a lane, too. */
  public static LockObservers of(
      LockMeters meters, String lock, LockObserver observer, SerialLane lane) {
    return new LockObservers(meters, lock, observer, lane);
  }

  /** Reports to no observer; no thread is woken. */
  public static LockObservers unobserved(LockMeters meters, String lock) {
    return new LockObservers(meters, lock, NONE, NO_LANE);
  }

  /** Reports to nothing but the log: for a request that several requests of users share. */
  public static LockObservers unmetered(String lock) {
    return unobserved(new LockMeters(Meters.none()), lock);
  }

  public void onRequested() {
    meters.onAsked();
  }

  public void onQueued(int ahead) {
    lane.execute(() -> observer.onQueued(lock, ahead));
  }

  public void onGranted(FencingToken token, long waitedNanos) {
    meters.onGranted(waitedNanos);
    lane.execute(() -> observer.onGranted(lock, token, Duration.ofNanos(waitedNanos)));
  }

  public void onGivenUp(long waitedNanos) {
    meters.onGivenUp();
    lane.execute(() -> observer.onGivenUp(lock, Duration.ofNanos(waitedNanos)));
  }

  /** A request that does not wait found the lock taken, which is an answer and no failure. */
  public void onBusy() {
    meters.onGivenUp();
  }

  public void onSuspect(FencingToken token) {
    lane.execute(() -> observer.onSuspect(lock, token));
  }

  public void onLost(FencingToken token, String reason) {
    meters.onLost();
    log.warn("lock {}: lost: {} (token {})", lock, reason, token);
    lane.execute(() -> observer.onLost(lock, token, reason));
  }

  public void onReleased(FencingToken token, long heldNanos) {
    meters.onReleased(heldNanos);
    lane.execute(() -> observer.onReleased(lock, token, Duration.ofNanos(heldNanos)));
  }
}
