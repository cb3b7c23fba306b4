package io.zookit.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AsyncResultTest {

  private final Queue<Runnable> given = new ArrayDeque<>();
  private final AsyncResult<String> result = new AsyncResult<>(given::add);

  @Test
  void get_executorIsBusy_returnsTheOutcomeWhileDependentsWait() throws Exception {
    CompletableFuture<String> dependent = result.thenApply(value -> value + "!");
    assertThat(result.settle("a")).isTrue();
    assertThat(result.get()).isEqualTo("a");
    assertThat(result.get(1, TimeUnit.NANOSECONDS)).isEqualTo("a");
    assertThat(result.join()).isEqualTo("a");
    assertThat(result.isDone()).isTrue();
    assertThat(dependent).isNotDone();
    given.remove().run();
    assertThat(dependent).isCompletedWithValue("a!");
  }

  @Test
  void fail_getThrowsTheCauseAndDependentsFailOnTheExecutor() {
    CompletableFuture<String> dependent = result.thenApply(value -> value);
    result.fail(new IllegalStateException("no"));
    assertThatThrownBy(result::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(dependent).isNotDone();
    given.remove().run();
    assertThat(dependent).isCompletedExceptionally();
  }

  @Test
  void cancel_beforeTheAnswer_decides() {
    assertThat(result.cancel(true)).isTrue();
    assertThat(result.settle("a")).isFalse();
    assertThatThrownBy(result::get).isInstanceOf(CancellationException.class);
    assertThat(given).isEmpty();
  }

  @Test
  void cancel_afterTheAnswerAndBeforeItsDelivery_changesNothing() throws Exception {
    result.settle("a");
    assertThat(result.cancel(true)).isFalse();
    assertThat(result.complete("b")).isFalse();
    given.remove().run();
    assertThat(result.get()).isEqualTo("a");
    assertThat(result.thenApply(value -> value)).isCompletedWithValue("a");
  }

  @Test
  void of_answerThatFails_failsWithItsCause() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    AsyncResult<String> of = AsyncResult.of(answer.thenApply(value -> value), given::add);
    answer.completeExceptionally(new IllegalStateException("no"));
    assertThatThrownBy(of::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
  }
}
