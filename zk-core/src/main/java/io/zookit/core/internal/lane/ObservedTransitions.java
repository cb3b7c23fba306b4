package io.zookit.core.internal.lane;

import io.zookit.core.ClientObserver;
import io.zookit.core.Meters;
import java.time.Duration;

/** Hands a client's transitions to the user's observer, in order and off the loop, and counts them. */
public final class ObservedTransitions implements ClientObserver {

  private final SerialLane lane;
  private final ClientObserver observer;
  private final Meters meters;
  private boolean suspected;

  public ObservedTransitions(SerialLane lane, ClientObserver observer, Meters meters) {
    this.lane = lane;
    this.observer = observer;
    this.meters = meters;
  }

  @Override
  public void onSessionEstablished(Duration timeout) {
    meters.count("zookit.client.sessions", 1);
    lane.execute(() -> observer.onSessionEstablished(timeout));
  }

  @Override
  public void onSuspect(String reason) {
    meters.count("zookit.client.suspects", 1);
    lane.execute(() -> observer.onSuspect(reason));
  }

  @Override
  public void onReconnected() {
    meters.count("zookit.client.reconnects", 1);
    lane.execute(observer::onReconnected);
  }

  @Override
  public void onSessionLost(String reason) {
    meters.count("zookit.client.losses", 1);
    lane.execute(() -> observer.onSessionLost(reason));
  }

  /** Strange data are noticed in more than one way, and told once. */
  @Override
  public void onIncarnationChanged(long before, long now) {
    if (now == 0 && suspected) {
      return;
    }
    suspected = now == 0;
    lane.execute(() -> observer.onIncarnationChanged(before, now));
  }
}
