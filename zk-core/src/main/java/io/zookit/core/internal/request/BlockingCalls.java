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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Calls of users that block: the calling thread waits for what is decided on the loop.
 *
 * <p>All of them behave alike in an outage: without an answer within its limit a call fails with {@link
 * ZkUnavailableException}, which says whether the effect may have happened. What failed on the loop is thrown as an
 * exception of the same class with the stack trace of the caller; its cause is the failure with the trace of the loop. An
 * interrupt ends the wait with {@link InterruptedException}.
 *
 * <p>Nothing is sent twice.
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
    long left = Timeouts.nanos(limit) - (sessions.timekeeper().nanos() - start);
    return await(
        all, Duration.ofNanos(Math.max(0, left)), () -> late(about, limit, Effect.UNKNOWN));
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

  private static String notConnected(ZkPath about) {
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
