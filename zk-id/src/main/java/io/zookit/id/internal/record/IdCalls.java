package io.zookit.id.internal.record;

import io.zookit.core.ZkTimeoutException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls of users that wait for a connection and for answers, for both together no longer than a limit.
 *
 * @param limit the longest time that a call waits
 */
public record IdCalls(CoreClient client, Duration limit) {

  /** The limit of calls unless the user sets another one. */
  public static final Duration STANDARD_LIMIT = Duration.ofSeconds(10);

  /** The cause of a failure of a request that could not be sent. */
  private static final class NotConnectedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotConnectedException() {
      super("there is no connection", null, false, false);
    }
  }

  /** Checks the limit. */
  public IdCalls {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("timeout: " + limit + " (expected: more than zero)");
    }
    Timeouts.nanos(limit);
  }

  /**
   * Sends a request in the session in use, on the loop. From any thread.
   *
   * @param about begins the text of the exception
   * @return fails with {@link IdUnavailableException} if there is no session, otherwise as the request does
   */
  public static <T> CompletableFuture<T> onLoop(
      CoreClient client, Object about, Function<SessionHandle, CompletableFuture<T>> request) {
    CompletableFuture<T> done = new CompletableFuture<>();
    client
        .loop()
        .execute(() -> client
            .handle()
            .filter(SessionHandle::isConnected)
            .map(handle -> CompletableFuture.completedFuture(handle).thenCompose(request))
            .orElseGet(() -> CompletableFuture.failedFuture(
                new IdUnavailableException(notConnected(about), new NotConnectedException())))
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

  private static String notConnected(Object about) {
    return about + ": not connected; nothing was sent";
  }

  /**
   * Waits for a connection, sends a request and waits for its answer. A request that could not be sent, because the
   * connection was lost at that moment, is made again.
   *
   * @param about begins the text of the exception
   * @param effect what may have happened if there is no answer in time
   * @throws IdUnavailableException if there is none
   */
  public <T> T call(String about, String effect, Supplier<CompletableFuture<T>> request)
      throws InterruptedException {
    long start = client.timekeeper().nanos();
    while (true) {
      try {
        client.awaitConnected(left(start));
      } catch (ZkTimeoutException e) {
        throw new IdUnavailableException(notConnected(about), e);
      }
      try {
        return BlockingCalls.await(
            request.get(),
            left(start),
            () -> new IdUnavailableException(
                about + ": no answer from ZooKeeper within " + limit + "; " + effect));
      } catch (IdUnavailableException e) {
        if (!isUnsent(e) || left(start).isZero()) {
          throw e;
        }
      }
    }
  }

  private Duration left(long start) {
    long passed = client.timekeeper().nanos() - start;
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
}
