package io.zookit.registry.internal.runtime;

import io.zookit.core.Subscription;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.OwnedNodes;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Resources that the registrations and views of one client share: the session in use, timers, own nodes, meters and
 * blocking calls.
 *
 * <p><i>Threads:</i> used on the client's loop, except for {@link #ask}.
 */
public final class RegistryRuntime {

  private static final Duration ASK_LIMIT = Duration.ofSeconds(15);

  private final CoreClient client;
  private final OwnedNodes nodes;
  private final RegistryMeters meters;
  private final BlockingCalls calls;
  private final List<ZkPath> undeleted = new ArrayList<>();
  private @Nullable SessionHandle handle;
  private volatile boolean closed;

  /** Creates a runtime without a session. */
  public RegistryRuntime(CoreClient client) {
    this.client = client;
    this.nodes = client.ownedNodes();
    this.meters = new RegistryMeters(client.meters());
    this.calls = new BlockingCalls(client, ASK_LIMIT);
  }

  /** Returns the duration if it is not negative. */
  public static Duration requireNotNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: zero or more)");
    }
    return value;
  }

  public CoreClient client() {
    return client;
  }

  /** The incarnation of the data in ZooKeeper; empty while it is unknown. */
  public Optional<Long> incarnation() {
    try {
      return Optional.of(client.incarnation());
    } catch (ZkException e) {
      return Optional.empty();
    }
  }

  public OwnedNodes nodes() {
    return nodes;
  }

  public RegistryMeters meters() {
    return meters;
  }

  /** The session in use; empty while it is not connected. */
  public Optional<SessionHandle> connected() {
    return Optional.ofNullable(handle).filter(SessionHandle::isConnected);
  }

  /** Runs a task on the loop after a delay. */
  public Subscription later(Duration delay, Runnable task) {
    return client.timekeeper().after(delay, () -> client.loop().execute(task));
  }

  /**
   * Sends a request and waits for its answer. From any thread but the loop's.
   *
   * @return an answer, which may be a refusal
   * @throws io.zookit.core.ZkUnavailableException if there is none in time
   * @throws IllegalStateException if the client is closed
   */
  public <T> Answer<T> ask(ZkPath about, BiConsumer<SessionHandle, Consumer<Answer<T>>> request)
      throws InterruptedException {
    requireOpen();
    Answer<T> answer = calls.ask(about, request);
    if (!answer.isAnswered()) {
      throw KeeperErrors.of(answer, about);
    }
    return answer;
  }

  /**
   * Sends requests in one flight and waits for all answers. From any thread but the loop's.
   *
   * @return the answers, in the order of the requests, each of which may be a refusal
   * @throws io.zookit.core.ZkUnavailableException if there is none to one of them in time
   * @throws IllegalStateException if the client is closed
   */
  public <T> List<Answer<T>> askAll(
      ZkPath about, BiConsumer<SessionHandle, Consumer<List<Answer<T>>>> requests)
      throws InterruptedException {
    requireOpen();
    List<Answer<T>> answers = calls.ask(about, requests);
    for (Answer<T> answer : answers) {
      if (!answer.isAnswered()) {
        throw KeeperErrors.of(answer, about);
      }
    }
    return answers;
  }

  /** Deletes a node of an earlier session of this client, which may still exist: now, or after the next connect. */
  public void delete(ZkPath former) {
    connected()
        .ifPresentOrElse(
            present -> client.debt().delete(present, former), () -> undeleted.add(former));
  }

  public void onConnected(SessionHandle connected) {
    handle = connected;
    List<ZkPath> formers = List.copyOf(undeleted);
    undeleted.clear();
    formers.forEach(this::delete);
  }

  public void onLost() {
    handle = null;
  }

  /** Refuses what comes from now on. From any thread. */
  public void close() {
    closed = true;
  }

  /** Throws if the client is closed. From any thread. */
  public void requireOpen() {
    if (closed) {
      throw new IllegalStateException(client + ": is closed");
    }
  }
}
