package io.zookit.core.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future for users: what depends on it runs on the client's executor, while a thread that waits for it receives the
 * outcome as soon as there is one. So a callback may wait for it on an executor of one thread, which is then busy with
 * waiting and could run nothing that completes the future.
 *
 * <p>Whoever ends it first decides: the answer, a cancellation or any other completion by the user.
 *
 * <p>The futures that are derived from it are ordinary ones: what runs on the executor cannot be waited for on its only
 * thread.
 */
public final class AsyncResult<T extends @Nullable Object> extends CompletableFuture<T> {

  private final CompletableFuture<T> outcome = new CompletableFuture<>();
  private final Executor executor;

  /** A result that is not there yet; its dependents will run on the executor. */
  public AsyncResult(Executor executor) {
    this.executor = executor;
  }

  /** The result of something that completes on any thread, the loop's too. */
  public static <T extends @Nullable Object> AsyncResult<T> of(
      CompletionStage<T> answer, Executor executor) {
    AsyncResult<T> result = new AsyncResult<>(executor);
    answer.whenComplete((value, failure) -> {
      if (failure == null) {
        result.settle(value);
      } else {
        result.fail(failure);
      }
    });
    return result;
  }

  /** What completes as soon as a future of this kind has its outcome, on any thread; for code that may run on the loop. */
  public static <T extends @Nullable Object> CompletableFuture<T> settled(CompletableFuture<T> of) {
    return of instanceof AsyncResult<T> result ? result.outcome.copy() : of;
  }

  /**
   * Ends it with a value, from any thread.
   *
   * @return false when it had ended before
   */
  public boolean settle(@Nullable T value) {
    boolean first = outcome.complete(value);
    if (first) {
      executor.execute(() -> super.complete(value));
    }
    return first;
  }

  /**
   * Ends it with a failure, from any thread.
   *
   * @return false when it had ended before
   */
  public boolean fail(Throwable failure) {
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    boolean first = outcome.completeExceptionally(cause);
    if (first) {
      executor.execute(() -> super.completeExceptionally(cause));
    }
    return first;
  }

  @Override
  public boolean complete(T value) {
    return outcome.complete(value) && super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return outcome.completeExceptionally(failure) && super.completeExceptionally(failure);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = outcome.cancel(mayInterruptIfRunning);
    if (cancelled) {
      super.cancel(mayInterruptIfRunning);
    }
    return cancelled;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return outcome.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return outcome.get(timeout, unit);
  }

  @Override
  public T join() {
    return outcome.join();
  }

  @Override
  public T getNow(T otherwise) {
    return outcome.getNow(otherwise);
  }

  @Override
  public boolean isDone() {
    return outcome.isDone();
  }

  @Override
  public boolean isCancelled() {
    return outcome.isCancelled();
  }

  @Override
  public boolean isCompletedExceptionally() {
    return outcome.isCompletedExceptionally();
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
