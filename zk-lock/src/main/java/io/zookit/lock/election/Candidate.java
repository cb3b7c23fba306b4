package io.zookit.lock.election;

import io.zookit.core.internal.lane.SerialLane;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.rule.Claim;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A candidate of an election, whose listener is called in order, off the loop. */
final class Candidate {

  private static final Logger log = LoggerFactory.getLogger(Candidate.class);

  private final LockEngine engine;
  private final Claim claim;
  private final String label;
  private final LeaderListener listener;
  private final Duration drain;
  private final SerialLane lane;

  Candidate(LockEngine engine, Claim claim, String label, LeaderListener listener, Duration drain) {
    this.engine = engine;
    this.claim = claim;
    this.label = label;
    this.listener = listener;
    this.drain = drain;
    this.lane = engine.client().lane("election " + claim.queue().name());
  }

  LockEngine engine() {
    return engine;
  }

  Claim claim() {
    return claim;
  }

  String election() {
    return claim.queue().name();
  }

  String label() {
    return label;
  }

  /** The longest that {@link #revoke} is waited for. */
  Duration drain() {
    return drain;
  }

  SerialLane lane() {
    return lane;
  }

  /**
   * Calls the listener: the candidate leads.
   *
   * @param returned runs when the listener has returned
   * @param failed receives what the listener has thrown
   */
  void elected(Leadership leadership, Runnable returned, Consumer<Throwable> failed) {
    log.atInfo()
        .addKeyValue("election", election())
        .addKeyValue("candidate", label)
        .addKeyValue("epoch", leadership.epoch())
        .log("leads");
    lane.execute(() -> {
      try {
        listener.onElected(leadership);
      } catch (RuntimeException | Error e) {
        failed.accept(e);
        throw e; // reported like what any other callback throws
      }
      returned.run();
    });
  }

  void lost(Leadership leadership, String reason) {
    lane.execute(() -> listener.onLost(leadership, reason));
  }

  /** Asks the listener to finish; done when it has, also if it fails. */
  CompletableFuture<Void> revoke(Leadership leadership, String reason) {
    log.atInfo()
        .addKeyValue("election", election())
        .addKeyValue("candidate", label)
        .addKeyValue("epoch", leadership.epoch())
        .log("gives up: {}", reason);
    CompletableFuture<Void> finished = new CompletableFuture<>();
    lane.execute(() -> {
      CompletionStage<?> work = CompletableFuture.completedFuture(null);
      try {
        work = listener.onRevoked(leadership, reason);
      } finally {
        work.whenComplete((nothing, failure) -> finished.complete(null));
      }
    });
    return finished;
  }

  @Override
  public String toString() {
    return "election " + election() + ": candidate " + label;
  }
}
