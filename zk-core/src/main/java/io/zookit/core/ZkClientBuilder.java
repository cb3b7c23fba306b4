package io.zookit.core;

import io.zookit.core.internal.client.ClientSettings;
import io.zookit.core.internal.client.CuratorClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * The settings of a {@link ZkClient}. Not thread-safe; may be used for several clients, except over a Curator client.
 *
 * <p>Settings that belong to the connection (session timeout, authentication, TLS) are the Curator client's own when
 * one is given, and setting them here is an {@link IllegalStateException}.
 */
public final class ZkClientBuilder {

  private ClientSettings settings;

  private ZkClientBuilder(ClientSettings settings) {
    this.settings = settings;
  }

  static ZkClientBuilder toAddress(String connectString) {
    return new ZkClientBuilder(ClientSettings.toAddress(connectString));
  }

  static ZkClientBuilder over(CuratorFramework curator, boolean owned) {
    return new ZkClientBuilder(ClientSettings.over(curator, owned));
  }

  /**
   * The absolute path everything lives under. Default {@code /zookit}. Over a Curator client with a namespace it lies
   * below that namespace, as every other path of that client does.
   */
  public ZkClientBuilder root(String path) {
    settings = settings.withRoot(path);
    return this;
  }

  /** The session timeout to ask for; the server has the last word. Default 15 s. */
  public ZkClientBuilder sessionTimeout(Duration timeout) {
    settings = settings.withSessionTimeout(timeout);
    return this;
  }

  /**
   * Sets the longest time that {@link #connect} waits for a first connection. Default 10 s, or the system property {@code
   * zookit.connectTimeout} (as in {@code PT30S}), for machines on which everything is slow.
   */
  public ZkClientBuilder connectTimeout(Duration timeout) {
    settings = settings.withConnectTimeout(timeout);
    return this;
  }

  /**
   * Authenticates by ZooKeeper's digest scheme, whatever algorithm the servers hash passwords by; digest identities of an
   * {@link #access} policy must be hashed by the same one.
   *
   * <p>The password stays in the memory of the builder and of the client, Curator's and ZooKeeper's included, as each new
   * session and each new connection sends it again; closing the client does not erase it. It is never logged and in no text
   * of an exception.
   */
  public ZkClientBuilder digest(String user, String password) {
    Identity identity = Identity.digest(user, password);
    settings = settings.withCredentials("digest", user + ":" + password, identity);
    return this;
  }

  /**
   * Passes ZooKeeper's own client configuration through: TLS ({@code zookeeper.client.secure}, key and trust stores),
   * SASL. It counts as credentials if it names a key store for TLS, or if the JVM has the SASL login it uses; a
   * configuration without either is a connection without credentials. Set an {@link #access} policy that names the
   * identity the connection will have.
   */
  public ZkClientBuilder zooKeeperConfig(ZKClientConfig config) {
    settings = settings.withZooKeeperConfig(config);
    return this;
  }

  /**
   * The policy from which nodes get their access lists where none is stored in ZooKeeper; a stored one wins, see {@link
   * AccessControl}. Default: all rights for the digest user given here, else for the creator of a node if {@link
   * #zooKeeperConfig} has credentials, else for any client.
   */
  public ZkClientBuilder access(AccessPolicy policy) {
    settings = settings.withAccess(policy);
    return this;
  }

  /**
   * Allows a connection without credentials, or nodes open to everybody over a given Curator client, to servers that are
   * not on this machine.
   */
  public ZkClientBuilder allowUnauthenticated() {
    settings = settings.withUnauthenticatedAllowed();
    return this;
  }

  /** Where callbacks run. It stays the caller's. Default: daemon threads of the client. */
  public ZkClientBuilder executor(Executor executor) {
    settings = settings.withExecutor(executor);
    return this;
  }

  /** Where measurements go. Default: nowhere. */
  public ZkClientBuilder meters(Meters meters) {
    settings = settings.withMeters(meters);
    return this;
  }

  /** Who hears of the client's transitions. Default: nobody. */
  public ZkClientBuilder observer(ClientObserver observer) {
    settings = settings.withObserver(observer);
    return this;
  }

  /** The clock. Default: the machine's. */
  public ZkClientBuilder timekeeper(Timekeeper timekeeper) {
    settings = settings.withTimekeeper(timekeeper);
    return this;
  }

  /** What this process is called where people look: lock queues, logs. Default {@code host:pid}. */
  public ZkClientBuilder label(String label) {
    settings = settings.withLabel(label);
    return this;
  }

  /**
   * Follows the addresses of a dynamically reconfigured ensemble. Default off: the ensemble's own idea of its addresses
   * is often not what a client behind a proxy can reach.
   */
  public ZkClientBuilder followEnsemble() {
    settings = settings.withEnsembleFollowed();
    return this;
  }

  /**
   * Accepts servers of exactly this version although a flaw of it is known: its vendor has ported the fix back. May be
   * called for several versions.
   *
   * @param version three numbers as the server tells them, such as {@code 3.8.4}
   * @throws IllegalArgumentException if it is not three numbers
   */
  public ZkClientBuilder acceptServerVersion(String version) {
    settings = settings.withAcceptedVersion(version);
    return this;
  }

  /**
   * Connects, and waits for it at most the connect timeout.
   *
   * @throws ZkUnavailableException when no server answers in time; nothing is left running
   * @throws UnsupportedServerException if a server tells a version with a known flaw: before 3.8.5, 3.9.0, 3.9.1 and
   *     3.9.3. Servers that answer later than the others are only warned of
   * @throws IllegalArgumentException if a server is not on this machine and no credentials are given, or, over a given
   *     Curator client, no access policy
   * @throws ZkAccessException if the servers refuse the credentials, or if a digest identity of the access policy is hashed
   *     by another algorithm than the servers'; nothing was created
   */
  public ZkClient connect() {
    return CuratorClient.connect(settings);
  }

  /**
   * Starts connecting and returns at once; the client connects when a server can be reached. A server of a version with a
   * known flaw is not refused, but named in a warning.
   *
   * @throws IllegalArgumentException if a server is not on this machine and no credentials are given, or, over a given
   *     Curator client, no access policy
   */
  public ZkClient start() {
    return CuratorClient.start(settings);
  }
}
