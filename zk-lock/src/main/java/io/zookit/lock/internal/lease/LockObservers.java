package io.zookit.lock.internal.lease;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.internal.lane.Observers;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.lock.LockObserver;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what happens to the requests and leases of a lock: to the meters, to the log if it belongs on an operator's time
 * line, and to the user's observer in order on a lane.
 */
public final class LockObservers {

  private static final Logger log = LoggerFactory.getLogger(LockObservers.class);
  private static final Observers<LockObserver> NONE =
      new Observers<>(SerialLane.inline(Runnable::run, "no lock observer"));

  private final LockMeters meters;
  private final String lock;
  private final Observers<LockObserver> observers;

  private LockObservers(LockMeters meters, String lock, Observers<LockObserver> observers) {
    this.meters = meters;
    this.lock = lock;
    this.observers = observers;
  }

  /** Reports to an observer on a lane, too. */
  public static LockObservers of(
      LockMeters meters, String lock, LockObserver observer, SerialLane lane) {
    return new LockObservers(meters, lock, Observers.of(lane, observer));
  }

  /** Reports to no observer; no thread is woken. */
  public static LockObservers unobserved(LockMeters meters, String lock) {
    return new LockObservers(meters, lock, NONE);
  }

  /** Reports to nothing but the log: for a request that several requests of users share. */
  public static LockObservers unmetered(String lock) {
    return unobserved(new LockMeters(Meters.none()), lock);
  }

  public void onRequested() {
    meters.onAsked();
  }

  public void onQueued(int ahead) {
    observers.publish(observer -> observer.onQueued(lock, ahead));
  }

  public void onGranted(FencingToken token, long waitedNanos) {
    meters.onGranted(waitedNanos);
    observers.publish(observer -> observer.onGranted(lock, token, Duration.ofNanos(waitedNanos)));
  }

  public void onGivenUp(long waitedNanos) {
    meters.onGivenUp();
    observers.publish(observer -> observer.onGivenUp(lock, Duration.ofNanos(waitedNanos)));
  }

  /** A request that does not wait found the lock taken, which is an answer and no failure. */
  public void onBusy() {
    meters.onGivenUp();
  }

  public void onSuspect(FencingToken token) {
    observers.publish(observer -> observer.onSuspect(lock, token));
  }

  public void onLost(FencingToken token, String reason) {
    meters.onLost();
    log.atWarn().addKeyValue("lock", lock).addKeyValue("token", token).log("lost: {}", reason);
    observers.publish(observer -> observer.onLost(lock, token, reason));
  }

  public void onReleased(FencingToken token, long heldNanos) {
    meters.onReleased(heldNanos);
    observers.publish(observer -> observer.onReleased(lock, token, Duration.ofNanos(heldNanos)));
  }
}
