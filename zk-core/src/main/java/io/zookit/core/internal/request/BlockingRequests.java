package io.zookit.core.internal.request;

import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Sends requests from a thread of a user and waits for their answers. Nothing is sent twice.
 *
 * @param limit how long to wait for a connection, and then for the answers
 */
public record BlockingRequests(CoreClient client, Duration limit) {

  public BlockingRequests {
    Timeouts.nanos(limit);
  }

  /**
   * Sends requests in one flight.
   *
   * @param about named when there is no answer
   * @return what each of them was answered, in their order
   * @throws ZkUnavailableException if the answers do not come in time; the outcome is unknown
   */
  public <T> List<T> ask(ZkPath about, List<BiConsumer<SessionHandle, Consumer<T>>> requests)
      throws InterruptedException {
    try {
      client.awaitConnected(limit);
    } catch (ZkTimeoutException e) {
      throw new ZkUnavailableException(about + ": not connected; nothing was sent", e);
    }
    List<CompletableFuture<T>> answers = new ArrayList<>();
    requests.forEach(request -> answers.add(new CompletableFuture<>()));
    CompletableFuture<Void> all =
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
    client
        .loop()
        .execute(() -> client
            .handle()
            .ifPresentOrElse(
                handle -> {
                  for (int i = 0; i < answers.size(); i++) {
                    requests.get(i).accept(handle, answers.get(i)::complete);
                  }
                },
                () -> all.completeExceptionally(
                    new ZkUnavailableException(about + ": not connected; nothing was sent"))));
    return await(about, all, answers);
  }

  private <T> List<T> await(
      ZkPath about, CompletableFuture<Void> all, List<CompletableFuture<T>> answers)
      throws InterruptedException {
    try {
      all.get(Timeouts.nanos(limit), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new ZkUnavailableException(
          about + ": no answer within " + limit + "; the outcome is unknown", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new ZkException(about + ": " + e.getCause(), e);
    }
    List<T> values = new ArrayList<>();
    answers.forEach(answer -> values.add(answer.join()));
    return Collections.unmodifiableList(values);
  }
}
