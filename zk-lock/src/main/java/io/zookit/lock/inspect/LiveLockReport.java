package io.zookit.lock.inspect;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.store.LockQueue;
import org.jspecify.annotations.Nullable;

/** A live report of a queue: one {@link QueueFollower} for each connection. Used on the loop. */
final class LiveLockReport implements SessionListener {

  private final LockEngine engine;
  private final LockQueue queue;
  private final LiveCell<LockReport> cell;
  private @Nullable QueueFollower round;
  private @Nullable Subscription sessions;

  private LiveLockReport(LockEngine engine, LockQueue queue) {
    this.engine = engine;
    this.queue = queue;
    CoreClient client = engine.client();
    String name = "watch of " + queue;
    this.cell = new LiveCell<>(
        name, client.timekeeper(), () -> client.lane(name), () -> client.loop().execute(this::end));
  }

  /** Follows from now on. */
  static LiveValue<LockReport> follow(LockEngine engine, LockQueue queue) {
    LiveLockReport watch = new LiveLockReport(engine, queue);
    engine.client().loop().execute(watch::begin);
    return watch.cell;
  }

  private void begin() {
    sessions = engine.client().onSessions(this);
  }

  private void end() {
    if (sessions != null) {
      sessions.close();
    }
    endRound();
  }

  private void endRound() {
    if (round != null) {
      round.close();
      round = null;
    }
  }

  @Override
  public void onConnected(SessionHandle handle) {
    endRound();
    round = QueueFollower.begin(engine, queue, this::publish);
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    cell.toStale();
  }

  @Override
  public void onLost(SessionHandle handle) {
    cell.toStale();
    endRound();
  }

  private void publish(QueueSnapshot seen) {
    LockReport report = seen.report(engine.client().incarnation());
    if (cell.latest().filter(report::equals).isPresent()) {
      cell.toLive();
    } else {
      cell.set(report);
    }
  }
}
