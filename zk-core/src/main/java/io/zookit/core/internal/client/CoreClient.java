package io.zookit.core.internal.client;

import io.zookit.core.AuthenticatedIdentity;
import io.zookit.core.FencingToken;
import io.zookit.core.IncarnationException;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.audit.AuditWriter;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.node.NodeSpace;
import io.zookit.core.internal.node.OwnedNodes;
import io.zookit.core.internal.request.GuaranteedDeletes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The internal interface of a client for the sibling modules. */
public interface CoreClient extends ZkClient, NodeSpace {

  /** Returns the internal interface of a client. */
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

  /** Tells if {@link #close} was called: there will be no further session. From any thread. */
  default boolean isClosed() {
    return false;
  }

  /** The executor on which callbacks of users run. */
  Executor executor();

  /** Creates a lane for callbacks of users, on the client's executor. */
  SerialLane lane(String name);

  /** The deletes that must happen. */
  GuaranteedDeletes debt();

  /** The budget of ephemeral nodes of a session. */
  EphemeralBudget budget();

  /** The ephemeral nodes that this client keeps in existence; created at the first call, closed with the client. */
  default OwnedNodes ownedNodes() {
    return engine(OwnedNodesEngine.class, OwnedNodesEngine::new).nodes();
  }

  /** The writer of the audit for the changes of this client; created at the first call. */
  default AuditWriter audit() {
    return engine(AuditEngine.class, AuditEngine::new).writer();
  }

  /**
   * Queries the servers for the identities of the connection, as {@link #authenticatedAs} does, without waiting. The answer is
   * empty if the connection breaks before it.
   */
  CompletableFuture<Optional<List<AuthenticatedIdentity>>> queryIdentities();

  /** The access lists of all nodes, which follow the policy in force. */
  AccessLists accessLists();

  /**
   * Returns the token of a grant.
   *
   * @throws io.zookit.core.IncarnationException if the data are not those that this process knew
   */
  FencingToken token(long czxid, int handOff);

  /**
   * Fails while the data are suspected to have been restored or wiped. Call it before anything is granted, numbered or
   * claimed without a token.
   *
   * @throws io.zookit.core.IncarnationException if they are
   */
  void requireTrusted();

  /** Tells if {@link #requireTrusted} passes. */
  default boolean isTrusted() {
    try {
      requireTrusted();
      return true;
    } catch (IncarnationException e) {
      return false;
    }
  }

  /**
   * Returns a text that is equal for clients of this JVM that the servers know as the same, and says nothing else about
   * them; empty if that is not known, as over a given Curator client.
   */
  default Optional<String> credentialsFingerprint() {
    return Optional.empty();
  }

  /** The lineage that this client remembers, as a text to be kept in a file; empty before it first read the data. */
  String memory();

  /**
   * Compares with the lineage that an earlier run remembered. On the loop.
   *
   * @param compared runs on the loop when the comparison is done, or cannot be done now
   */
  void recall(String memory, Runnable compared);

  /** Returns this client's one engine of a kind, which the first call creates; closed with the client, newest first. */
  <E extends Engine> E engine(Class<E> kind, Function<? super CoreClient, ? extends E> maker);
}
