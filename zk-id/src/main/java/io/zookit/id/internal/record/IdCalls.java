package io.zookit.id.internal.record;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Calls of users that block, and fail with {@link IdUnavailableException} if there is no answer within a limit. */
public final class IdCalls {

  /** The limit of calls unless the user sets another one. */
  public static final Duration STANDARD_LIMIT = Duration.ofSeconds(10);

  private final CoreClient client;
  private final BlockingCalls calls;

  /**
   * Calls of a client.
   *
   * @param limit the longest time that a call waits
   */
  public IdCalls(CoreClient client, Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("timeout: " + limit + " (expected: more than zero)");
    }
    this.client = client;
    this.calls = new BlockingCalls(client, limit);
  }

  /** The client. */
  public CoreClient client() {
    return client;
  }

  /** The longest time that a call waits. */
  public Duration limit() {
    return calls.limit();
  }

  /**
   * Makes a request in the session in use, on the loop. From any thread.
   *
   * @param about begins the text of the exception
   * @return fails with {@link IdUnavailableException} if there is no session, otherwise as the request does
   */
  public static <T> CompletableFuture<T> onLoop(
      CoreClient client, Object about, Function<SessionHandle, CompletableFuture<T>> request) {
    return BlockingCalls.onLoop(client, about, request, IdUnavailableException::new);
  }

  /** The failure of a stage, without the wrapper that dependent stages have. */
  public static Throwable causeOf(Throwable failure) {
    return BlockingCalls.causeOf(failure);
  }

  /**
   * Waits for a connection, makes a request and waits for its answer.
   *
   * @param about begins the text of the exception
   * @param effect what may have happened if there is no answer in time
   * @throws IdUnavailableException if there is none
   */
  public <T> T call(String about, String effect, Supplier<CompletableFuture<T>> request)
      throws InterruptedException {
    return calls.call(about, effect, request, IdUnavailableException::new);
  }

  /** Calls that end when a limit is over that began earlier; each has a moment at least. */
  public IdCalls since(long startNanos) {
    Duration left = calls.left(startNanos);
    return new IdCalls(client, left.isZero() ? Duration.ofNanos(1) : left);
  }
}
