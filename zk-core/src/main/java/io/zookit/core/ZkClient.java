package io.zookit.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;

/**
 * A connection to one ZooKeeper ensemble: what every lock, registry, configuration and scheduler is made from.
 *
 * <p>One per process and ensemble is right; it keeps one session for everything that is made from it. After a loss it
 * opens a new session by itself until it is closed; the ephemeral nodes of the lost one are removed first, where
 * possible, so that what they held is free again within seconds.
 *
 * <p><i>Threads:</i> see the package. A client owns the threads of its connection and, unless one is given, an executor
 * for callbacks.
 *
 * <p><i>Failure:</i> nothing here hangs: what waits takes a limit. {@link #session()} tells at any time what is known.
 *
 * <p><i>Cost:</i> one session, one heartbeat read each quarter of the session timeout when nothing else was asked.
 */
public interface ZkClient extends AutoCloseable {

  /**
   * Connects with the default settings of {@link ZkClientBuilder}.
   *
   * @param connectString {@code host:port[,host:port…][/chroot]}
   * @throws ZkUnavailableException if no server answers within the connect timeout; the text names each address and its
   * cause
   */
  static ZkClient connect(String connectString) {
    return builder(connectString).connect();
  }

  /** Starts from an address. */
  static ZkClientBuilder builder(String connectString) {
    return ZkClientBuilder.toAddress(connectString);
  }

  /**
   * Starts from a Curator client that this client takes over: it will be started if needed, and it will be closed. Its
   * namespace, if it has one, is in front of every path. Nothing else should use it any more: a watch that a handle of this
   * client ends is removed together with every other watcher of that node.
   */
  static ZkClientBuilder owning(CuratorFramework curator) {
    return ZkClientBuilder.over(curator, true);
  }

  /**
   * Starts from a started Curator client that stays the caller's: it will not be closed. Its namespace, if it has one, is
   * in front of every path; {@code curator.usingNamespace(null)} gives a view without it. Several clients may borrow one
   * Curator client; none removes a watch that may be another's, the caller's or a recipe's. Watches that this client does not
   * need any more stay at the server until they fire or the connection ends.
   *
   * <p>A session that the Curator client gave up during an outage is closed at the servers as soon as it has another one,
   * as with every connection: its ephemeral nodes, those of all users of the Curator client, end then instead of one
   * session timeout later. A session must therefore not be shared with other processes by its id and password. One that
   * the Curator client itself continues, through a {@code ZookeeperFactory} of the application, is never closed.
   */
  static ZkClientBuilder borrowing(CuratorFramework curator) {
    return ZkClientBuilder.over(curator, false);
  }

  /**
   * The absolute path everything of Zookit lives under, {@code /zookit} unless set, with the namespace of a given Curator
   * client in front.
   */
  String root();

  /** The present state of the session, as far as it is known without a request. */
  SessionView session();

  /** Calls a listener with the current view and at every transition, in order. */
  Subscription onSession(Consumer<? super SessionView> listener);

  /**
   * Waits until a session is connected.
   *
   * @throws ZkTimeoutException if none is in time
   */
  void awaitConnected(Duration timeout) throws InterruptedException;

  /**
   * The counter that tells lost or restored data from the data known before; part of every {@link FencingToken}.
   *
   * @throws ZkUnavailableException before it was first read
   * @throws IncarnationException if the node was damaged, or written by a newer version, before this client first read it
   */
  long incarnation();

  /**
   * Raises the incarnation after data was lost or restored, so that tokens of the old data are refused and new ones
   * accepted. For operators. It ends {@link #suspicion}, and every client that is connected ends its session and opens
   * a new one, because restored data can hold nodes that it had released; returns when this client has done so, too.
   *
   * @param atLeast the least number to set; the new one is the greatest of this and the stored one plus 1
   * @return the number now in force
   * @throws IncarnationException if the stored number cannot be read; raising might lower it. Nothing was changed
   * @throws ZkUnavailableException if ZooKeeper cannot be reached within the connect timeout; outcome unknown
   */
  long raiseIncarnation(long atLeast) throws InterruptedException;

  /**
   * The identities as which the servers have authenticated this client's connection, asked of the server now: the
   * digest user, the distinguished name of the client's certificate, the SASL principal. Empty for a connection without
   * credentials.
   *
   * @throws ZkUnavailableException if ZooKeeper cannot be reached within the connect timeout; nothing was changed
   */
  List<AuthenticatedIdentity> authenticatedAs() throws InterruptedException;

  /**
   * Replaces an incarnation that cannot be read, because its node was damaged or written by a newer version. For
   * operators: the stored number is lost, so the new one must be greater than any that a process, a fence table or a
   * backup knows.
   *
   * @param atLeast the least number to set; the new one is the greatest of this and the one this client knows plus 1
   * @return the number now in force
   * @throws IncarnationException if the stored number can be read. Nothing was changed
   * @throws ZkUnavailableException if ZooKeeper cannot be reached within the connect timeout; outcome unknown
   */
  long repairIncarnation(long atLeast) throws InterruptedException;

  /**
   * The suspicion of restored or wiped data, raised by this client or by another; empty while the data are trusted.
   * While one exists nothing is granted, numbered or claimed, and {@link #raiseIncarnation} ends it.
   */
  Optional<RestoreSuspicion> suspicion();

  /** The state of the data as this client last read it; empty before it could read it. */
  Optional<DataLineage> lineage();

  /** The clock this client uses. */
  Timekeeper timekeeper();

  /** The sink for measurements of this client and of everything created from it. */
  Meters meters();

  /**
   * Ends everything made from this client, then the session: handles are given up, callbacks drained, each step
   * bounded. Idempotent.
   */
  @Override
  void close();
}
