package io.zookit.core.internal.lane;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A future for users: what depends on it runs on the client's executor, while a thread that waits for it receives the
 * outcome as soon as there is one. So a callback may wait for it on an executor of one thread, which is then busy with
 * waiting and could run nothing that completes the future.
 *
 * <p>The first to end it decides: the answer, a cancellation or any other completion by the user. An answer that no
 * thread and no dependent has received yet still loses against a cancellation, and is discarded: for a lease that means
 * that it is closed, so cancelling never leaks one.
 *
 * <p>The futures that are derived from it are ordinary ones: what runs on the executor cannot be waited for on its only
 * thread.
 */
public final class AsyncResult<T extends @Nullable Object> extends CompletableFuture<T> {

  private enum Phase {
    /** No outcome yet. */
    OPEN,
    /** The answer exists, and has not been received. */
    SETTLED,
    /** A thread or a dependent has received the answer. */
    RECEIVED,
    /** The user has ended it before an answer was received. */
    ENDED_BY_USER
  }

  private final CompletableFuture<T> outcome = new CompletableFuture<>();
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPEN);
  private final Executor executor;
  private final Consumer<? super T> discard;

  /** Creates a result without an outcome; its dependents will run on the executor. */
  public AsyncResult(Executor executor) {
    this(executor, value -> {});
  }

  /** Creates a result without an outcome; its dependents will run on the executor.
   *
   * @param discard takes a value that was not received before the user cancelled
   */
  public AsyncResult(Executor executor, Consumer<? super T> discard) {
    this.executor = executor;
    this.discard = discard;
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

  /** The results of several futures, in their order; fails if one of them does. */
  public static <T> CompletableFuture<List<T>> all(Collection<CompletableFuture<T>> of) {
    List<CompletableFuture<T>> several = List.copyOf(of);
    return CompletableFuture.allOf(several.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> several.stream().map(CompletableFuture::join).toList());
  }

  /**
   * Returns a future that completes as soon as a future of this kind has its outcome, on any thread; for code that may
   * run on the loop.
   */
  public static <T extends @Nullable Object> CompletableFuture<T> settled(CompletableFuture<T> of) {
    return of instanceof AsyncResult<T> result ? result.outcome.copy() : of;
  }

  /**
   * Ends it with a value, from any thread.
   *
   * @return false if it had ended before
   */
  public boolean settle(@Nullable T value) {
    if (!phase.compareAndSet(Phase.OPEN, Phase.SETTLED)) {
      return false;
    }
    outcome.complete(value);
    executor.execute(() -> {
      if (receive()) {
        super.complete(value);
      }
    });
    return true;
  }

  /**
   * Ends it with a failure, from any thread.
   *
   * @return false if it had ended before
   */
  public boolean fail(Throwable failure) {
    if (!phase.compareAndSet(Phase.OPEN, Phase.RECEIVED)) {
      return false;
    }
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    outcome.completeExceptionally(cause);
    executor.execute(() -> super.completeExceptionally(cause));
    return true;
  }

  /** Completes normally when there is an outcome of any kind. */
  private CompletableFuture<Boolean> ended() {
    return outcome.handle((value, failure) -> failure == null);
  }

  /** Marks the answer as received, unless the user has ended the result before. */
  private boolean receive() {
    phase.compareAndSet(Phase.SETTLED, Phase.RECEIVED);
    return phase.get() == Phase.RECEIVED;
  }

  /** Ends it on behalf of the user, unless an answer was received. */
  private boolean endByUser(Runnable ending) {
    if (phase.compareAndSet(Phase.OPEN, Phase.ENDED_BY_USER)) {
      ending.run();
      outcome.completeExceptionally(new CancellationException());
      return true;
    }
    if (phase.compareAndSet(Phase.SETTLED, Phase.ENDED_BY_USER)) {
      ending.run();
      outcome.thenAccept(discard);
      return true;
    }
    return false;
  }

  @Override
  public boolean complete(T value) {
    return endByUser(() -> super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return endByUser(() -> super.completeExceptionally(failure));
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return endByUser(() -> super.cancel(mayInterruptIfRunning)) || isCancelled();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    ended().get();
    return receive() ? outcome.get() : super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    ended().get(timeout, unit);
    return receive() ? outcome.get() : super.get();
  }

  @Override
  public T join() {
    ended().join();
    return receive() ? outcome.join() : super.join();
  }

  @Override
  public T getNow(T otherwise) {
    if (!outcome.isDone()) {
      return otherwise;
    }
    return receive() ? outcome.getNow(otherwise) : super.getNow(otherwise);
  }

  @Override
  public boolean isDone() {
    return outcome.isDone() && (receive() || super.isDone());
  }

  @Override
  public boolean isCompletedExceptionally() {
    return receive() ? outcome.isCompletedExceptionally() : super.isCompletedExceptionally();
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
