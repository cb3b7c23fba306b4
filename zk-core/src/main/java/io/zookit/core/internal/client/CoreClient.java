package io.zookit.core.internal.client;

import io.zookit.core.FencingToken;
import io.zookit.core.IncarnationException;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.node.NodeSpace;
import io.zookit.core.internal.request.GuaranteedDeletes;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What a client is to the sibling modules. */
public interface CoreClient extends ZkClient, NodeSpace {

  /** The inside of a client. */
  static CoreClient of(ZkClient client) {
    if (client instanceof CoreClient core) {
      return core;
    }
    throw new IllegalArgumentException("client: " + client + " (expected: one made by ZkClient)");
  }

  @Override
  Timekeeper timekeeper();

  @Override
  void awaitConnected(Duration timeout) throws InterruptedException;

  /** Whether {@link #close} was called: there will be no session any more. From any thread. */
  default boolean isClosed() {
    return false;
  }

  /** Where callbacks of users run. */
  Executor executor();

  /** A new order for callbacks of users, on the client's executor. */
  SerialLane lane(String name);

  /** The deletes that must happen. */
  GuaranteedDeletes debt();

  /** What the session may own. */
  EphemeralBudget budget();

  /** The access lists of all nodes, which follow the policy in force. */
  AccessLists accessLists();

  /**
   * The token of a grant.
   *
   * @throws io.zookit.core.IncarnationException when the data is not what this process knew
   */
  FencingToken token(long czxid, int handOff);

  /**
   * Fails while the data are suspected to have been restored or wiped. To be asked before anything is granted, numbered or
   * claimed without a token.
   *
   * @throws io.zookit.core.IncarnationException if they are
   */
  void requireTrusted();

  /** Whether {@link #requireTrusted} passes. */
  default boolean isTrusted() {
    try {
      requireTrusted();
      return true;
    } catch (IncarnationException e) {
      return false;
    }
  }

  /** What this client remembers of the data, as a text to be kept in a file; empty before it first read them. */
  String memory();

  /**
   * Takes up what an earlier run remembered of the same data, and compares. On the loop.
   *
   * @param compared runs on the loop when that is done, or cannot be done now
   */
  void recall(String memory, Runnable compared);

  /** The one engine of a kind this client has; made at the first call, closed with the client, last made first. */
  <E extends Engine> E engine(Class<E> kind, Function<? super CoreClient, ? extends E> maker);
}
