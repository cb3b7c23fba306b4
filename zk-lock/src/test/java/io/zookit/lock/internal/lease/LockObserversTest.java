package io.zookit.lock.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Meters;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.lock.LockObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LockObserversTest {

  @Test
  void of_somebody_isToldOnTheLane() {
    Queue<Runnable> given = new ArrayDeque<>();
    List<String> heard = new ArrayList<>();
    LockObserver observer = new LockObserver() {
      @Override
      public void onQueued(String lock, int ahead) {
        heard.add(lock + " " + ahead);
      }
    };
    LockObservers.of(
            new LockMeters(Meters.none()), "a", observer, SerialLane.on(given::add, "lane"))
        .onQueued(3);
    assertThat(heard).isEmpty();
    given.remove().run();
    assertThat(heard).containsExactly("a 3");
  }
}
