package io.zookit.core.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Subscription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ObserversTest {

  private final Queue<Runnable> given = new ArrayDeque<>();
  private final List<String> received = new ArrayList<>();
  private final Observers<Consumer<String>> observers =
      new Observers<>(SerialLane.on(given::add, "test"));

  @Test
  void publish_severalObservers_receiveAllEventsInOrderOnTheLane() {
    observers.add(event -> received.add("a " + event));
    observers.add(event -> received.add("b " + event));
    publish("1");
    publish("2");
    assertThat(received).isEmpty();
    runLane();
    assertThat(received).containsExactly("a 1", "b 1", "a 2", "b 2");
  }

  @Test
  void publish_anObserverThatThrows_reachesTheOthersAndItselfLater() {
    Observers<Consumer<String>> failing =
        Observers.of(SerialLane.inline(Runnable::run, "test"), event -> {
          received.add("a " + event);
          throw new IllegalStateException("an observer of this test fails");
        });
    failing.add(event -> received.add("b " + event));
    failing.publish(observer -> observer.accept("1"));
    failing.publish(observer -> observer.accept("2"));
    assertThat(received).containsExactly("a 1", "b 1", "a 2", "b 2");
  }

  @Test
  void publish_anObserverThatThrowsAnError_reachesTheOthers() {
    observers.add(event -> {
      throw new AssertionError("an observer of this test fails");
    });
    observers.add(received::add);
    publish("1");
    runLane();
    assertThat(received).containsExactly("1");
  }

  @Test
  void publish_withoutObservers_wakesNoThread() {
    publish("1");
    observers.add(received::add).close();
    publish("2");
    assertThat(given).isEmpty();
  }

  @Test
  void add_afterAnEvent_receivesOnlyLaterOnes() {
    observers.add(event -> {});
    publish("1");
    observers.add(received::add);
    publish("2");
    runLane();
    assertThat(received).containsExactly("2");
  }

  @Test
  void close_beforeThePublishedEventRuns_endsDelivery() {
    Subscription subscription = observers.add(received::add);
    publish("1");
    subscription.close();
    subscription.close();
    runLane();
    assertThat(received).isEmpty();
  }

  @Test
  void close_byTheObserverItself_keepsTheOthers() {
    List<Subscription> own = new ArrayList<>();
    own.add(observers.add(event -> own.get(0).close()));
    observers.add(received::add);
    publish("1");
    publish("2");
    runLane();
    assertThat(received).containsExactly("1", "2");
  }

  private void publish(String event) {
    observers.publish(observer -> observer.accept(event));
  }

  private void runLane() {
    while (!given.isEmpty()) {
      given.remove().run();
    }
  }
}
