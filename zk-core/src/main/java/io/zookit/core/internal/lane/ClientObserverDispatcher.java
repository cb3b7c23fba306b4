package io.zookit.core.internal.lane;

import io.zookit.core.ClientObserver;
import io.zookit.core.Meters;
import java.time.Duration;

/** Counts the transitions of a client, and passes them on to the user's observer. */
public final class ClientObserverDispatcher implements ClientObserver {

  private final Observers<ClientObserver> observers;
  private final Meters meters;
  private boolean suspected;

  public ClientObserverDispatcher(SerialLane lane, ClientObserver observer, Meters meters) {
    this.observers = Observers.of(lane, observer);
    this.meters = meters;
  }

  @Override
  public void onSessionEstablished(Duration timeout) {
    meters.count("zookit.client.sessions", 1);
    observers.publish(observer -> observer.onSessionEstablished(timeout));
  }

  @Override
  public void onSuspect(String reason) {
    meters.count("zookit.client.suspects", 1);
    observers.publish(observer -> observer.onSuspect(reason));
  }

  @Override
  public void onReconnected() {
    meters.count("zookit.client.reconnects", 1);
    observers.publish(ClientObserver::onReconnected);
  }

  @Override
  public void onSessionLost(String reason) {
    meters.count("zookit.client.losses", 1);
    observers.publish(observer -> observer.onSessionLost(reason));
  }

  /** Reports a suspicion once, although several checks may raise it. */
  @Override
  public void onIncarnationChanged(long before, long now) {
    if (now == 0 && suspected) {
      return;
    }
    suspected = now == 0;
    observers.publish(observer -> observer.onIncarnationChanged(before, now));
  }
}
