package io.zookit.core.internal.request;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are sent until they are answered or their session is over.
 *
 * <pre>
 *   add ──► SENT ──answered as wanted─────────────────────► done ◄── the session is over, from any state
 *           ▲  │
 *           │  ├─throttled──► sent again at once
 *           │  ├─no answer──► sent again when the same session is connected again
 *           │  └─refused────► REFUSED, sent again after a pause, and when the session is connected again
 *           └─────────────────────┘
 * </pre>
 *
 * <p>As a session listener it is to be notified before others, so that after a reconnect the pending requests are sent
 * before anything new.
 *
 * <p><i>Threads:</i> used on the loop.
 *
 * @param <R> the requests of one kind; equal ones of one session are one
 */
public final class PendingRequests<R extends PendingRequests.RepeatedRequest>
    implements SessionListener {

  /** A request that may be sent several times. */
  public interface RepeatedRequest {

    /** Sends it. */
    void send(SessionHandle handle, Consumer<Answer<Boolean>> reply);

    /** Tells if an answer with this code, which is not {@code OK}, ends it, too. */
    boolean isDoneBy(Code code);

    /**
     * A server refused it.
     *
     * @param isNew false if the server before refused it with the same code
     */
    void onRefused(Code code, boolean isNew);
  }

  private record SessionRequest<R>(SessionHandle handle, R request) {}

  /** The progress of a pending request. */
  private record RequestProgress(
      CompletableFuture<Void> done, @Nullable Code refused) {}

  private final SerialLane loop;
  private final Timekeeper timekeeper;
  private final Duration pause;
  private final Map<SessionRequest<R>, RequestProgress> pending = new LinkedHashMap<>();
  private @Nullable Subscription timer;

  /**
   * Creates an empty set of requests.
   *
   * @param pause between the refusal of a request and the next time it is sent
   */
  public PendingRequests(SerialLane loop, Timekeeper timekeeper, Duration pause) {
    this.loop = loop;
    this.timekeeper = timekeeper;
    this.pause = pause;
  }

  /**
   * Sends a request, however long it takes.
   *
   * @return done when it is answered as wanted or the session is over; not while a server refuses it. It never fails
   */
  public CompletableFuture<Void> add(SessionHandle handle, R request) {
    if (handle.isOver()) {
      return CompletableFuture.completedFuture(null);
    }
    SessionRequest<R> key = new SessionRequest<>(handle, request);
    RequestProgress known = pending.get(key);
    if (known != null) {
      return known.done;
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    pending.put(key, new RequestProgress(done, null));
    if (handle.isConnected()) {
      send(key);
    }
    return done;
  }

  /** The number of requests that are not done. */
  public int size() {
    return pending.size();
  }

  /** Completes a future when all that is pending now is done, except for what servers refuse. */
  public void whenSettled(CompletableFuture<Void> settled) {
    CompletableFuture<?>[] open = pending.values().stream()
        .filter(progress -> progress.refused == null)
        .map(RequestProgress::done)
        .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(open).thenRun(() -> settled.complete(null));
  }

  private void send(SessionRequest<R> key) {
    key.request.send(key.handle, answer -> {
      if (answer.isOk() || key.request.isDoneBy(answer.code())) {
        end(key);
      } else if (answer.code() == Code.THROTTLEDOP) {
        send(key); // no busy loop: servers answer so only what has waited in their queue
      } else if (answer.isAnswered()) {
        onRefused(key, answer.code());
      }
    });
  }

  private void onRefused(SessionRequest<R> key, Code code) {
    RequestProgress before = pending.get(key);
    if (before == null) {
      return; // its session has ended
    }
    pending.put(key, new RequestProgress(before.done, code));
    key.request.onRefused(code, before.refused != code);
    if (timer == null) {
      timer = timekeeper.after(pause, () -> loop.execute(this::sendRefused));
    }
  }

  private void sendRefused() {
    timer = null;
    Map<SessionRequest<R>, RequestProgress> all = new LinkedHashMap<>(pending);
    all.forEach((key, progress) -> {
      if (progress.refused != null && key.handle.isConnected()) {
        send(key);
      }
    });
  }

  private void end(SessionRequest<R> key) {
    RequestProgress ended = pending.remove(key);
    if (ended != null) {
      ended.done.complete(null);
    }
    if (timer != null && pending.values().stream().allMatch(each -> each.refused == null)) {
      timer.close();
      timer = null;
    }
  }

  @Override
  public void onConnected(SessionHandle handle) {
    ofSession(handle).forEach(this::send);
  }

  @Override
  public void onSuspect(SessionHandle handle) {}

  @Override
  public void onLost(SessionHandle handle) {
    ofSession(handle).forEach(this::end);
  }

  private List<SessionRequest<R>> ofSession(SessionHandle handle) {
    List<SessionRequest<R>> keys = new ArrayList<>(pending.keySet());
    keys.removeIf(key -> key.handle != handle);
    return keys;
  }
}
