package io.zookit.scheduler.internal.state;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import io.zookit.core.ZkException;
import io.zookit.core.internal.lane.Observers;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.SchedulerObserver;
import java.time.Duration;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a scheduler node.
 *
 * @param label its display name
 * @param weight its share of the jobs, 1 or more
 * @param capacity its maximum number of concurrent runs
 * @param patience how long closing waits for runs before it interrupts them
 * @param tokens the fencing token of a transaction
 * @param observers of the node; on the lane of the history
 * @param history the sink of ended runs; on the lane of the observers
 */
public record NodeSettings(
    String label,
    int weight,
    int capacity,
    Duration patience,
    LongFunction<FencingToken> tokens,
    Meters meters,
    Observers<SchedulerObserver> observers,
    Observers<HistorySink> history) {

  /** The incarnation of the data; 0 while no token can be made. */
  long incarnation() {
    return Grant.of(tokens, 0).token().incarnation();
  }

  /** Returns whether tokens can be issued: not while ZooKeeper's data differs from the data this process knew. */
  public boolean canGrant() {
    return Grant.of(tokens, 0).refusal() == null;
  }

  /**
   * A token, or why there is none.
   *
   * @param token of a refusal, one that is after no other
   */
  public record Grant(FencingToken token, @Nullable ZkException refusal) {

    private static final FencingToken NONE = new FencingToken(0, 0, 0);

    public static Grant of(LongFunction<FencingToken> tokens, long zxid) {
      try {
        return new Grant(tokens.apply(zxid), null);
      } catch (ZkException e) {
        return new Grant(NONE, e);
      }
    }
  }
}
