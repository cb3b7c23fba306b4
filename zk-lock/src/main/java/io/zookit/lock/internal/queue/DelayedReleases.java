package io.zookit.lock.internal.queue;

import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.GuaranteedDeletes;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes of released queue nodes that wait for up to {@link #DELAY} for the next request of this process for the same
 * queue, to be sent in one transaction with its create. A loop that releases a lock and acquires it again writes once
 * instead of twice, and the next owner does not wait behind the second write.
 *
 * <pre>
 *   release ──expected to be followed──► DELAYED ──a request comes──► multi(delete, create, write queue)
 *      │                                   │
 *      └──not expected──► delete           └──none within the delay, or disconnected──► delete
 * </pre>
 *
 * <p>A request is expected after three releases in a row that one followed within the delay; a release that none follows
 * ends the expectation ({@link KnownQueues}). So a wrong expectation costs the next owner the delay once. A lease whose
 * delete is delayed is over: its holder cannot use it any more. Used on the loop.
 */
public class DelayedReleases {

  /** The longest time for which a delete waits, and the next owner in another process with it. */
  static final Duration DELAY = Duration.ofNanos(300_000);

  /** Node of a lease that was released; its delete is to be sent. */
  static final class DelayedDelete {

    private final SessionHandle handle;
    private final ZkPath node;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private Subscription timer = () -> {};

    private DelayedDelete(SessionHandle handle, ZkPath node) {
      this.handle = handle;
      this.node = node;
    }
  }

  private final CoreClient client;
  private final KnownQueues knownQueues;
  private final BatchedTimer timer;
  private final Map<ZkPath, DelayedDelete> delayed = new HashMap<>();
  private boolean isClosed;

  /** Creates the delayed releases of a client. */
  public DelayedReleases(CoreClient client, KnownQueues knownQueues) {
    this.client = client;
    this.knownQueues = knownQueues;
    this.timer = new BatchedTimer(client.timekeeper(), client.loop(), DELAY);
  }

  /**
   * Deletes the node of a released lease, now or after a delay.
   *
   * @return completed when the node is certainly gone
   */
  CompletableFuture<Void> delete(SessionHandle handle, QueueNode node) {
    ZkPath queue = node.queue().path();
    send(queue); // a semaphore may have several
    knownQueues.onReleased(queue, client.timekeeper().nanos());
    if (isClosed || !handle.isConnected() || !isRequestExpected(node)) {
      return client.debt().delete(handle, node.path());
    }
    DelayedDelete release = new DelayedDelete(handle, node.path());
    release.timer = timer.run(() -> onDelayOver(queue, release));
    delayed.put(queue, release);
    return release.gone;
  }

  private boolean isRequestExpected(QueueNode node) {
    ZkPath queue = node.queue().path();
    return knownQueues.isReturnExpected(queue)
        && knownQueues.of(queue) != KnownQueues.Experience.NOT_WRITABLE
        && !node.entry().isNearExhaustion();
  }

  /** No request has followed in time. */
  void onDelayOver(ZkPath queue, DelayedDelete release) {
    if (delayed.get(queue) == release) {
      knownQueues.onNotRequested(queue);
      send(queue);
    }
  }

  /**
   * Takes the delayed delete of a queue, for a request that is about to be sent.
   *
   * @return empty if none is delayed
   */
  Optional<DelayedDelete> take(SessionHandle handle, ZkPath queue) {
    knownQueues.onRequested(queue, client.timekeeper().nanos(), DELAY.toNanos());
    DelayedDelete release = delayed.get(queue);
    if (release == null || release.handle != handle) {
      return Optional.empty();
    }
    delayed.remove(queue);
    release.timer.close();
    return Optional.of(release);
  }

  /** Sends a delete that was taken, together with a request. */
  void sendWith(DelayedDelete release, GuaranteedDeletes.Companion request) {
    complete(release, client.debt().delete(release.handle, release.node, request));
  }

  /** Sends the delete that is delayed for a queue, if there is one. */
  void send(ZkPath queue) {
    DelayedDelete release = delayed.remove(queue);
    if (release != null) {
      release.timer.close();
      complete(release, client.debt().delete(release.handle, release.node));
    }
  }

  /** Sends all deletes that are delayed. */
  void sendAll() {
    List.copyOf(delayed.keySet()).forEach(this::send);
  }

  int size() {
    return delayed.size();
  }

  /** Sends all deletes that are delayed, and delays none from now on. */
  void close() {
    isClosed = true;
    sendAll();
    timer.close();
  }

  private static void complete(DelayedDelete release, CompletableFuture<Void> deleted) {
    deleted.thenRun(() -> release.gone.complete(null));
  }
}
