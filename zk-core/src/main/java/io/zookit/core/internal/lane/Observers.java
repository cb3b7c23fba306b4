package io.zookit.core.internal.lane;

import io.zookit.core.Subscription;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The observers of one subject, which receive its events on a lane.
 *
 * <p><i>Order:</i> all observers receive events in the order in which they were published. An event goes to the observers
 * that were subscribed when it was published, except to one whose subscription was closed before its turn.
 *
 * <p><i>Failure:</i> what an observer throws is logged once as an error. It reaches neither the publisher nor the other
 * observers, and the observer stays subscribed.
 *
 * <p><i>Threads:</i> any. Observers run on the lane, never inside {@link #publish}, unless the lane is an inline one.
 *
 * <p><i>Cost:</i> one task of the lane for each event; nothing without observers.
 *
 * @param <T> the type of an observer
 */
public final class Observers<T> {

  private static final Logger log = LoggerFactory.getLogger(Observers.class);

  /** An observer and its subscription. */
  private static final class Subscriber<T> {
    private final T observer;
    private volatile boolean open = true;

    Subscriber(T observer) {
      this.observer = observer;
    }
  }

  private final SerialLane lane;
  private final List<Subscriber<T>> subscribers = new CopyOnWriteArrayList<>();

  /** Creates a set of observers without any. */
  public Observers(SerialLane lane) {
    this.lane = lane;
  }

  /** Creates a set of one observer. */
  public static <T> Observers<T> of(SerialLane lane, T observer) {
    Observers<T> observers = new Observers<>(lane);
    observers.subscribers.add(new Subscriber<>(observer));
    return observers;
  }

  /**
   * Adds an observer, which receives the events that are published from now on.
   *
   * @return closing it removes the observer; a call that is running is not interrupted
   */
  public Subscription add(T observer) {
    Subscriber<T> subscriber = new Subscriber<>(observer);
    subscribers.add(subscriber);
    return () -> {
      subscriber.open = false;
      subscribers.remove(subscriber);
    };
  }

  /**
   * Publishes an event.
   *
   * @param event calls the method of an observer that receives it; run once for each observer
   */
  public void publish(Consumer<? super T> event) {
    Iterator<Subscriber<T>> receivers = subscribers.iterator(); // those of this moment
    if (receivers.hasNext()) {
      lane.execute(() -> receivers.forEachRemaining(receiver -> deliver(event, receiver)));
    }
  }

  private void deliver(Consumer<? super T> event, Subscriber<T> receiver) {
    if (receiver.open) {
      try {
        event.accept(receiver.observer);
      } catch (Throwable e) { // also checked ones, which other JVM languages throw from anywhere
        log.error("{}: an observer failed", lane, e);
      }
    }
  }
}
