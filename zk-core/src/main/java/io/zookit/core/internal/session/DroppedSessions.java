package io.zookit.core.internal.session;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Closes sessions of this client that ended here but perhaps not at the servers, where their ephemeral nodes block
 * others, and this client itself, until their timeout.
 *
 * <p>Curator drops a session that was disconnected for a whole timeout, and ZooKeeper's own handle after four thirds of
 * it, without a message from any server. During a loss of the quorum no session expires at the servers, and after it
 * each is kept for another whole timeout. So at the next session each dropped one is closed by its id and password
 * before anything new is requested. Its nodes go with it in one transaction, also those of creates whose answer was
 * lost; deleting nodes by their owner would not be atomic and would miss the latter.
 *
 * <p>Never closed are a session that is in use again (a Curator client can be made to continue sessions) and one whose
 * handle continues. A lease of a dropped session was lost when it was dropped, and stays so.
 *
 * <p>All state is used on the loop; the closing itself waits on threads of the client.
 */
public final class DroppedSessions {

  /** The time for which a new session waits. What is not done by then continues in the background. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int MOST = 8;

  private record Pending(DroppedSession session, CompletableFuture<Void> over, boolean begun) {

    Pending toBegun() {
      return new Pending(session, over, true);
    }
  }

  private final SerialLane loop;
  private final Timekeeper timekeeper;
  private final Executor executor;
  private final SessionCloser closer;
  private final Deque<Pending> pending = new ArrayDeque<>();

  /** Creates an empty set; {@code executor} runs the waits for servers. */
  public DroppedSessions(
      SerialLane loop, Timekeeper timekeeper, Executor executor, SessionCloser closer) {
    this.loop = loop;
    this.timekeeper = timekeeper;
    this.executor = executor;
    this.closer = closer;
  }

  /** Takes note of a session that ended here. */
  void add(DroppedSession session) {
    if (session.isReplaced()) {
      return;
    }
    if (pending.size() == MOST) {
      pending.removeFirst();
    }
    pending.addLast(new Pending(session, new CompletableFuture<>(), false));
  }

  /**
   * Closes all sessions but the one in use.
   *
   * @param current the session in use, which may be one of them when it was continued; its server is tried first
   * @param next runs on the loop, once: when all are closed, or after {@link #PATIENCE}; now when there are none
   */
  void closeBefore(WireHandle current, Runnable next) {
    pending.removeIf(each -> each.session.id() == current.sessionId());
    if (pending.isEmpty()) {
      next.run();
      return;
    }
    List<Pending> all = new ArrayList<>(pending);
    pending.clear();
    String server = current.server();
    all.forEach(each -> pending.add(each.begun ? each : begin(each, server)));
    CompletableFuture<Void> done = CompletableFuture.allOf(
        pending.stream().map(Pending::over).toArray(CompletableFuture<?>[]::new));
    CompletableFuture<Void> first = new CompletableFuture<>();
    first.thenRun(() -> loop.execute(next));
    Subscription timer = timekeeper.after(PATIENCE, () -> first.complete(null));
    done.thenRun(() -> {
      timer.close();
      first.complete(null);
    });
  }

  private Pending begin(Pending each, String server) {
    each.over.thenRun(() -> loop.execute(() -> pending.removeIf(other -> other.over == each.over)));
    executor.execute(() -> {
      try {
        closer.close(each.session, server);
      } finally {
        each.over.complete(null);
      }
    });
    return each.toBegun();
  }

  /** The number of sessions that are not closed yet. */
  int size() {
    return pending.size();
  }

  /** Stops the closing; what is left ends by its timeout. From any thread. */
  void stop() {
    closer.stop();
  }
}
