package io.zookit.core.internal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zookit.core.IncarnationException;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.request.BlockingCalls.Effect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingCallsTest {

  private static final Duration BRIEF = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(60);

  /** A kind of failure that cannot be created from a text. */
  private static final class OfOneKind extends ZkException {

    private static final long serialVersionUID = 1;

    OfOneKind(int number) {
      super("number " + number);
    }
  }

  /** A kind of failure that makes another text of what it is given. */
  public static final class Prefixed extends ZkException {

    private static final long serialVersionUID = 1;

    public Prefixed(String name) {
      super("lock " + name + " is gone");
    }
  }

  @Test
  void await_answer_isReturned() throws Exception {
    CompletableFuture<String> answer = CompletableFuture.completedFuture("yes");

    assertThat(BlockingCalls.await(answer)).isEqualTo("yes");
    assertThat(BlockingCalls.await(answer, LONG, "asking", Effect.NONE)).isEqualTo("yes");
    assertThat(BlockingCalls.await(answer, Duration.ZERO, "asking", Effect.NONE))
        .isEqualTo("yes");
    assertThat(BlockingCalls.awaitUninterruptibly(answer)).isEqualTo("yes");
  }

  @Test
  void await_noAnswer_isUnavailableAndSaysWhetherTheEffectMayHaveHappened() {
    CompletableFuture<String> never = new CompletableFuture<>();

    assertThatThrownBy(() -> BlockingCalls.await(never, BRIEF, "breaking a", Effect.UNKNOWN))
        .isExactlyInstanceOf(ZkUnavailableException.class)
        .hasMessage("breaking a: no answer from ZooKeeper within PT0.001S; the outcome is unknown");
    assertThatThrownBy(() -> BlockingCalls.await(never, BRIEF, "reading a", Effect.NONE))
        .isExactlyInstanceOf(ZkUnavailableException.class)
        .hasMessage("reading a: no answer from ZooKeeper within PT0.001S; nothing was changed");
    assertThatThrownBy(
            () -> BlockingCalls.await(never, BRIEF, () -> new ZkTimeoutException("too late")))
        .isExactlyInstanceOf(ZkTimeoutException.class)
        .hasMessage("too late");
  }

  @Test
  void await_failures_keepClassAndTextWithTheCallersTraceAndTheFailureAsCause() {
    List<RuntimeException> failures = List.of(
        new ZkException("plain"),
        new ZkException("with a cause", new ZkException("the cause")),
        new ZkUnavailableException("unavailable"),
        new ZkAccessException("denied"),
        new IncarnationException("other data"),
        new IllegalStateException("closed"),
        new UncheckedIOException("disk", new IOException("full")));
    for (RuntimeException failure : failures) {
      Throwable thrown = awaitFailureOfAnotherThread(failure);

      if (failure instanceof UncheckedIOException) {
        assertThat(thrown).isSameAs(failure);
      } else {
        assertThat(thrown)
            .isExactlyInstanceOf(failure.getClass())
            .hasMessage(failure.getMessage())
            .hasCause(failure);
      }
      assertThat(thrown.getStackTrace()[0].getMethodName())
          .as("%s", failure)
          .contains("awaitFailureOfAnotherThread");
    }
  }

  @Test
  void await_failureWithoutStandardConstructor_isThrownItselfAndKeepsBothTraces() {
    for (RuntimeException failure : List.of(new OfOneKind(7), new Prefixed("a"))) {
      String text = failure.getMessage();

      Throwable thrown = awaitFailureOfAnotherThread(failure);
      awaitFailureOfAnotherThread(failure);

      assertThat(thrown).isSameAs(failure).hasMessage(text);
      assertThat(thrown.getStackTrace()[0].getMethodName()).contains("awaitFailureOfAnotherThread");
      assertThat(thrown.getSuppressed()).hasSize(1);
      assertThat(thrown.getSuppressed()[0].getStackTrace()[0].getMethodName())
          .isEqualTo("await_failureWithoutStandardConstructor_isThrownItselfAndKeepsBothTraces");
    }
  }

  private static Throwable awaitFailureOfAnotherThread(RuntimeException failure) {
    return catchThrowable(() -> BlockingCalls.await(CompletableFuture.failedFuture(failure)));
  }

  @Test
  void await_severalCallersOfOneFailure_eachHasItsOwnException() {
    CompletableFuture<String> failed = CompletableFuture.failedFuture(new ZkException("no"));

    Throwable one = catchThrowable(() -> BlockingCalls.await(failed));
    Throwable other = catchThrowable(() -> BlockingCalls.awaitUninterruptibly(failed));

    assertThat(one).isNotSameAs(other).hasSameClassAs(other);
    assertThat(one.getCause()).isSameAs(other.getCause());
  }

  @Test
  void await_error_isAnUnknownFailureWithTheErrorAsCause() {
    AssertionError error = new AssertionError("a bug");

    assertThatThrownBy(() -> BlockingCalls.await(CompletableFuture.failedFuture(error)))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasCause(error);
  }

  @Test
  void await_interrupted_throwsInterruptedException() {
    CompletableFuture<String> never = new CompletableFuture<>();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> BlockingCalls.await(never, LONG, "asking", Effect.NONE))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void awaitOrWithdraw_interruptedBeforeTheAnswer_withdrawsAndThrows() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    ZkException withdrawn = new ZkException("withdrawn");
    Thread.currentThread().interrupt();

    assertThatThrownBy(() ->
            BlockingCalls.awaitOrWithdraw(answer, () -> answer.completeExceptionally(withdrawn)))
        .isInstanceOf(InterruptedException.class)
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasCause(withdrawn));
  }

  @Test
  void awaitOrWithdraw_withdrawalTooLate_returnsTheAnswerAndStaysInterrupted() throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread.currentThread().interrupt();

    String reached =
        BlockingCalls.awaitOrWithdraw(answer, () -> answer.completeAsync(() -> "reached"));

    assertThat(reached).isEqualTo("reached");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void awaitUninterruptibly_interrupted_waitsOnAndStaysInterrupted() {
    CompletableFuture<String> answer =
        new CompletableFuture<String>().completeOnTimeout("late", 20, TimeUnit.MILLISECONDS);
    Thread.currentThread().interrupt();

    assertThat(BlockingCalls.awaitUninterruptibly(answer)).isEqualTo("late");
    assertThat(Thread.interrupted()).isTrue();
  }
}
