package io.zookit.group;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;

/**
 * A partition that this process owns, from one claim to its end.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Failure:</i> it can be lost at any time. {@link #isValid} and {@link #onRevoke} report it; only the token makes what
 * a stale owner still does harmless.
 */
public interface Partition {

  /** Its number, from 0. */
  int index();

  /** The token of this claim, greater than that of every claim of this partition before. */
  FencingToken token();

  /**
   * Tells if it is owned as far as this process can know. False from the first instruction after a pause longer than the
   * session, while the connection is lost and until the claim is verified after that, and when the time of a handover is over.
   */
  boolean isValid();

  /** Tells if it is being handed over, or was lost: the handler should end. */
  boolean isRevoked();

  /**
   * Calls a listener once when the partition is to be handed over, or was lost; at once if it was already. A handover waits for
   * the listener. A handler that has none is interrupted instead, if the handover has a time limit.
   */
  Subscription onRevoke(Runnable listener);

  /**
   * Starts changes of nodes in ZooKeeper that are made only while this claim stands: it is part of their transaction. What is
   * written this way needs no token.
   */
  PartitionTransaction fenced();
}
