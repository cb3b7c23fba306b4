package io.zookit.lock.internal.request;

import io.zookit.core.Subscription;
import io.zookit.lock.internal.queue.PredecessorWait;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Part of a request in the search for deadlocks: while it waits, it searches at each interval, and publishes in the nodes
 * that its party holds which node the party waits for. Used on the loop.
 */
final class DeadlockParty {

  private final LockEngine engine;
  private final LockRequest request;
  private final @Nullable String name;
  private final @Nullable Duration interval;
  private @Nullable Subscription timer;

  /** Creates the part of a request; it never searches without a party and an interval. */
  DeadlockParty(LockEngine engine, LockRequest request, LockOptions options) {
    this.engine = engine;
    this.request = request;
    this.name = options.party();
    this.interval = options.deadlockAfter();
  }

  /** Searches at each interval from now on. */
  void begin() {
    if (name != null && interval != null) {
      timer = engine
          .client()
          .timekeeper()
          .after(interval, () -> engine.client().loop().execute(() -> search(name)));
    }
  }

  private void search(String party) {
    if (timer == null) {
      return; // it has ended meanwhile
    }
    for (PredecessorWait turn : request.waitsFor()) {
      String node = turn.node().path().value();
      engine.requests().forEach(other -> other.party().publish(party, node));
      DeadlockSearch.begin(engine, request, turn);
    }
    if (timer != null) {
      begin();
    }
  }

  /** Publishes that a party waits for a node, if this request has granted nodes of that party. */
  private void publish(String party, String node) {
    if (party.equals(name)) {
      request.publishWaitsFor(node);
    }
  }

  /** Ends the search. */
  void end() {
    if (timer != null) {
      timer.close();
      timer = null;
    }
  }
}
