package io.zookit.core.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
  void cancel_afterTheAnswerThatNobodyReceived_decidesAndDiscardsIt() {
    List<String> discarded = new ArrayList<>();
    AsyncResult<String> unseen = new AsyncResult<>(given::add, discarded::add);
    CompletableFuture<String> dependent = unseen.thenApply(value -> value);
    unseen.settle("a");
    assertThat(unseen.cancel(true)).isTrue();
    assertThat(discarded).containsExactly("a");
    assertThat(unseen.isCancelled()).isTrue();
    assertThatThrownBy(unseen::get).isInstanceOf(CancellationException.class);
    given.remove().run();
    assertThat(dependent).isCompletedExceptionally();
    assertThat(discarded).hasSize(1);
  }

  @Test
  void cancel_afterTheAnswerWasReceived_changesNothing() throws Exception {
    List<String> discarded = new ArrayList<>();
    AsyncResult<String> seen = new AsyncResult<>(given::add, discarded::add);
    seen.settle("a");
    assertThat(seen.isDone()).isTrue();
    assertThat(seen.cancel(true)).isFalse();
    assertThat(seen.complete("b")).isFalse();
    given.remove().run();
    assertThat(seen.get()).isEqualTo("a");
    assertThat(seen.thenApply(value -> value)).isCompletedWithValue("a");
    assertThat(discarded).isEmpty();
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
