package io.zookit.core.internal.request;

import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of users that block: the calling thread waits for what is decided on the loop.
 *
 * <p>All of them behave alike in an outage: without an answer within its limit a call fails with {@link
 * ZkUnavailableException}, which says whether the effect may have happened. What failed on the loop is thrown as an
 * exception of the same class with the stack trace of the caller; its cause is the failure with the trace of the loop. An
 * interrupt ends the wait with {@link InterruptedException}.
 *
 * <p>Nothing is sent twice. Only {@link #call} makes a request again, if it could not be sent because the connection was
 * lost at that moment.
 *
 * <p><i>Threads:</i> not on the loop, which would wait for itself.
 */
public final class BlockingCalls {

  /** The knowledge of the effect of a call that was not answered. */
  public enum Effect {
    /** The call only reads. */
    NONE("nothing was changed"),
    /** A change may or may not have happened. */
    UNKNOWN("the outcome is unknown");

    private final String text;

    Effect(String text) {
      this.text = text;
    }
  }

  /** Creates the exception of a call without an answer, from its text and cause. */
  @FunctionalInterface
  public interface Unavailable {

    /** The exception. */
    ZkException of(String text, @Nullable Throwable cause);
  }

  /** The cause of a failure of a request that could not be sent. */
  private static final class NotConnectedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotConnectedException() {
      super("there is no connection", null, false, false);
    }
  }

  private final SessionSource sessions;
  private final Duration limit;

  /**
   * Creates calls that send requests.
   *
   * @param limit how long a call waits, for a connection and for the answers together
   */
  public BlockingCalls(SessionSource sessions, Duration limit) {
    Timeouts.nanos(limit);
    this.sessions = sessions;
    this.limit = limit;
  }

  /** The longest time that a call waits. */
  public Duration limit() {
    return limit;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param about named if there is no answer
   * @throws ZkUnavailableException if it does not come in time; the outcome is unknown
   */
  public <T> T ask(ZkPath about, BiConsumer<SessionHandle, Consumer<T>> request)
      throws InterruptedException {
    return ask(about, List.of(request)).get(0);
  }

  /**
   * Sends requests in one flight and waits for all answers.
   *
   * @param about named if there is no answer
   * @return the answers, in the order of the requests
   * @throws ZkUnavailableException if they do not come in time; the outcome is unknown
   */
  public <T> List<T> ask(ZkPath about, List<BiConsumer<SessionHandle, Consumer<T>>> requests)
      throws InterruptedException {
    long start = sessions.timekeeper().nanos();
    try {
      sessions.awaitConnected(limit);
    } catch (ZkTimeoutException e) {
      throw new ZkUnavailableException(notConnected(about), e);
    }
    List<CompletableFuture<T>> answers = new ArrayList<>();
    requests.forEach(request -> answers.add(new CompletableFuture<>()));
    CompletableFuture<List<T>> all = AsyncResult.all(answers);
    sessions.loop().execute(() -> send(about, requests, answers, all));
    return await(all, left(start), () -> late(about, limit, Effect.UNKNOWN));
  }

  /**
   * Makes a request in the session in use, on the loop. From any thread.
   *
   * @param about begins the text of the exception
   * @param unavailable creates it if there is no session
   * @return fails as the request does, without the wrapper of dependent stages
   */
  public static <T> CompletableFuture<T> onLoop(
      SessionSource sessions,
      Object about,
      Function<SessionHandle, CompletableFuture<T>> request,
      Unavailable unavailable) {
    CompletableFuture<T> done = new CompletableFuture<>();
    sessions
        .loop()
        .execute(() -> sessions
            .handle()
            .filter(SessionHandle::isConnected)
            .map(handle -> CompletableFuture.completedFuture(handle).thenCompose(request))
            .orElseGet(() -> CompletableFuture.failedFuture(
                unavailable.of(notConnected(about), new NotConnectedException())))
            .whenComplete((value, failure) -> {
              if (failure == null) {
                done.complete(value);
              } else {
                done.completeExceptionally(causeOf(failure));
              }
            }));
    return done;
  }

  /** The failure of a stage, without the wrapper that dependent stages have. */
  public static Throwable causeOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  /**
   * Waits for a connection, makes a request and waits for its answer. A request that could not be sent, because the
   * connection was lost at that moment, is made again.
   *
   * @param about begins the text of the exception
   * @param effect what may have happened if there is no answer in time
   * @param request as {@link #onLoop} makes it
   * @param unavailable creates what is thrown then
   */
  public <T> T call(
      Object about, String effect, Supplier<CompletableFuture<T>> request, Unavailable unavailable)
      throws InterruptedException {
    long start = sessions.timekeeper().nanos();
    while (true) {
      try {
        sessions.awaitConnected(left(start));
      } catch (ZkTimeoutException e) {
        throw unavailable.of(notConnected(about), e);
      }
      try {
        return await(
            request.get(),
            left(start),
            () -> unavailable.of(
                about + ": no answer from ZooKeeper within " + limit + "; " + effect, null));
      } catch (ZkException e) {
        if (!isUnsent(e) || left(start).isZero()) {
          throw e;
        }
      }
    }
  }

  /** The rest of the limit of a call that began earlier; zero if it has passed. */
  public Duration left(long startNanos) {
    long passed = sessions.timekeeper().nanos() - startNanos;
    return Duration.ofNanos(Math.max(0, Timeouts.nanos(limit) - passed));
  }

  private static boolean isUnsent(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof NotConnectedException) {
        return true;
      }
    }
    return false;
  }

  private <T> void send(
      ZkPath about,
      List<BiConsumer<SessionHandle, Consumer<T>>> requests,
      List<CompletableFuture<T>> answers,
      CompletableFuture<List<T>> all) {
    SessionHandle handle = sessions.handle().orElse(null);
    if (handle == null) {
      all.completeExceptionally(new ZkUnavailableException(notConnected(about)));
      return;
    }
    for (int i = 0; i < answers.size(); i++) {
      requests.get(i).accept(handle, answers.get(i)::complete);
    }
  }

  private static String notConnected(Object about) {
    return about + ": not connected; nothing was sent";
  }

  /**
   * Waits for an answer.
   *
   * @param doing what the caller does, and to what; begins the text of the exception
   * @throws ZkUnavailableException if there is no answer in time
   */
  public static <T> T await(
      CompletableFuture<T> answer, Duration limit, Object doing, Effect effect)
      throws InterruptedException {
    return await(answer, limit, () -> late(doing, limit, effect));
  }

  private static ZkUnavailableException late(Object doing, Duration limit, Effect effect) {
    return new ZkUnavailableException(
        doing + ": no answer from ZooKeeper within " + limit + "; " + effect.text);
  }

  /**
   * Waits for an answer.
   *
   * @param late creates what is thrown if there is none in time
   */
  public static <T> T await(
      CompletableFuture<T> answer, Duration limit, Supplier<? extends ZkException> late)
      throws InterruptedException {
    try {
      return answer.get(Timeouts.nanos(limit), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw late.get();
    } catch (ExecutionException e) {
      throw CallerException.of(e.getCause());
    }
  }

  /** Waits for an answer that comes by itself, at the latest when the client is closed. */
  public static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw CallerException.of(e.getCause());
    }
  }

  /**
   * Waits for an answer that comes by itself. An interrupted caller withdraws its request and waits for the end of that: if
   * the withdrawal came too late, it receives the answer and stays interrupted.
   *
   * @param withdraw makes the answer fail unless it is decided already
   * @throws InterruptedException if the request was withdrawn
   */
  public static <T> T awaitOrWithdraw(CompletableFuture<T> answer, Runnable withdraw)
      throws InterruptedException {
    try {
      return await(answer);
    } catch (InterruptedException e) {
      withdraw.run();
      T reached;
      try {
        reached = awaitUninterruptibly(answer);
      } catch (RuntimeException withdrawn) {
        e.addSuppressed(withdrawn);
        throw e;
      }
      Thread.currentThread().interrupt();
      return reached;
    }
  }

  /** Waits for an answer that comes by itself, also in a thread that is interrupted, which stays so. */
  public static <T> T awaitUninterruptibly(CompletableFuture<T> answer) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return await(answer);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
