package io.zookit.lock.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.lane.SerialLane;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeaseListenersTest {

  private final Queue<Runnable> given = new ArrayDeque<>();
  private final LeaseListeners news = new LeaseListeners(SerialLane.on(given::add, "news"));

  @Test
  void gone_nobodyAsked_wakesNobody() {
    news.tellGone();
    assertThat(given).isEmpty();
  }

  @Test
  void gone_askedBefore_isToldOnTheLane() {
    CompletableFuture<Void> told = news.gone().thenRun(() -> {});
    news.tellGone();
    assertThat(told).isNotDone();
    given.remove().run();
    assertThat(told).isCompleted();
  }

  @Test
  void gone_askedAfterwards_isDone() {
    news.tellGone();
    assertThat(news.gone()).isCompleted();
  }

  @Test
  void gone_askedTwiceAndOneCancelled_isToldTheOther() {
    CompletableFuture<Void> first = news.gone();
    CompletableFuture<Void> second = news.gone();
    first.cancel(true);
    news.tellGone();
    given.remove().run();
    assertThat(second).isCompleted();
  }

  @Test
  void gone_toldTwice_isDoneOnce() {
    CompletableFuture<Void> gone = news.gone();
    news.tellGone();
    news.tellGone();
    given.remove().run();
    assertThat(gone).isCompleted();
    assertThat(given).isEmpty();
  }
}
