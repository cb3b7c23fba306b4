package io.zookit.core;

import io.zookit.core.internal.client.ClientSettings;
import io.zookit.core.internal.client.CuratorClient;
import io.zookit.core.internal.client.ServerAddresses;
import io.zookit.core.internal.client.ServerVersion;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Credentials;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link ZkClient}. Not thread-safe; may be used for several clients, except over a Curator client.
 *
 * <p>Over a Curator client the settings of the connection (session timeout, authentication, TLS) are its own, and setting
 * them here is an {@link IllegalStateException}.
 */
public final class ZkClientBuilder {

  private static final Duration SHORTEST_SESSION = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofHours(24);

  private final @Nullable String connectString;
  private final @Nullable CuratorFramework curator;
  private final boolean owned;
  private final Set<ServerVersion> acceptedVersions = new HashSet<>();
  private ZkPath root = ZkPath.absolute("/zookit");
  private Duration sessionTimeout = Duration.ofSeconds(15);
  private Duration connectTimeout = ClientSettings.defaultConnectTimeout();
  private @Nullable Credentials credentials;
  private @Nullable ZKClientConfig zooKeeperConfig;
  private @Nullable AccessPolicy access;
  private boolean unauthenticatedAllowed;
  private @Nullable Executor executor;
  private Meters meters = Meters.none();
  private ClientObserver observer = new ClientObserver() {};
  private Timekeeper timekeeper = Timekeeper.system();
  private @Nullable String label;
  private boolean ensembleFollowed;

  private ZkClientBuilder(
      @Nullable String connectString, @Nullable CuratorFramework curator, boolean owned) {
    this.connectString = connectString;
    this.curator = curator;
    this.owned = owned;
  }

  static ZkClientBuilder toAddress(String connectString) {
    ServerAddresses.parse(connectString);
    return new ZkClientBuilder(connectString, null, true);
  }

  static ZkClientBuilder over(CuratorFramework curator, boolean owned) {
    if (curator.getState() == CuratorFrameworkState.STOPPED) {
      throw new IllegalArgumentException(
          "curator: is closed (expected: started, or to be started)");
    }
    return new ZkClientBuilder(null, curator, owned);
  }

  /**
   * Sets the absolute path that all nodes are below. Default {@code /zookit}. Over a Curator client with a namespace it
   * is below that namespace, as every other path of that client.
   */
  public ZkClientBuilder root(String path) {
    root = ZkPath.absolute(path);
    return this;
  }

  /** Sets the session timeout to ask for, which the server may change. Default 15 s. */
  public ZkClientBuilder sessionTimeout(Duration timeout) {
    requireOwnConnection("sessionTimeout");
    requireBetween("sessionTimeout", timeout, SHORTEST_SESSION, LONGEST);
    sessionTimeout = timeout;
    return this;
  }

  /**
   * Sets the longest time that {@link #connect} waits for a first connection. Default 10 s, or the system property {@code
   * zookit.connectTimeout} (as in {@code PT30S}), for machines on which everything is slow.
   */
  public ZkClientBuilder connectTimeout(Duration timeout) {
    requireBetween("connectTimeout", timeout, Duration.ofMillis(1), LONGEST);
    connectTimeout = timeout;
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
    requireOwnConnection("digest");
    credentials = new Credentials("digest", user + ":" + password, identity);
    return this;
  }

  /**
   * Sets ZooKeeper's own client configuration: TLS ({@code zookeeper.client.secure}, key and trust stores), SASL. It
   * counts as credentials if it names a key store for TLS, or if the JVM has the SASL login it uses; a configuration
   * without either is a connection without credentials. Set an {@link #access} policy that names the identity the
   * connection will have.
   */
  public ZkClientBuilder zooKeeperConfig(ZKClientConfig config) {
    requireOwnConnection("zooKeeperConfig");
    zooKeeperConfig = config;
    return this;
  }

  /**
   * Sets the policy from which nodes get their access lists while none is stored in ZooKeeper; a stored one takes
   * precedence, see {@link AccessControl}. Default: all rights for the digest user given here, else for the creator of
   * a node if {@link #zooKeeperConfig} has credentials, else for any client.
   */
  public ZkClientBuilder access(AccessPolicy policy) {
    access = policy;
    return this;
  }

  /**
   * Allows a connection without credentials, or nodes that are open to all clients over a given Curator client, to
   * servers that are not on this machine.
   */
  public ZkClientBuilder allowUnauthenticated() {
    unauthenticatedAllowed = true;
    return this;
  }

  /** Sets the executor of callbacks, which stays the caller's to close. Default: daemon threads of the client. */
  public ZkClientBuilder executor(Executor executor) {
    this.executor = executor;
    return this;
  }

  /** Sets the sink for measurements. Default: none. */
  public ZkClientBuilder meters(Meters meters) {
    this.meters = meters;
    return this;
  }

  /** Sets the observer of the client's transitions. Default: none. */
  public ZkClientBuilder observer(ClientObserver observer) {
    this.observer = observer;
    return this;
  }

  /** Sets the clock. Default: the machine's. */
  public ZkClientBuilder timekeeper(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
    return this;
  }

  /** Sets the name of this process that lock queues and logs show. Default {@code host:pid}. */
  public ZkClientBuilder label(String label) {
    if (label.isBlank()
        || label.length() > ClientSettings.MAX_LABEL
        || label.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("label: \"" + ZkPath.printable(label)
          + "\" (expected: 1 to " + ClientSettings.MAX_LABEL + " printable characters)");
    }
    this.label = label;
    return this;
  }

  /**
   * Follows the addresses of a dynamically reconfigured ensemble. Default off: the addresses that the ensemble has for
   * itself are often not those that a client behind a proxy can reach.
   */
  public ZkClientBuilder followEnsemble() {
    requireOwnConnection("followEnsemble");
    ensembleFollowed = true;
    return this;
  }

  /**
   * Accepts servers of exactly this version although a flaw of it is known: its vendor has ported the fix back. May be
   * called for several versions.
   *
   * @param version three numbers as the server reports them, such as {@code 3.8.4}
   * @throws IllegalArgumentException if it is not three numbers
   */
  public ZkClientBuilder acceptServerVersion(String version) {
    acceptedVersions.add(ServerVersion.parse(version));
    return this;
  }

  /**
   * Connects, and waits at most for the connect timeout.
   *
   * @throws ZkUnavailableException if no server answers in time; nothing is left running
   * @throws UnsupportedServerException if a server reports a version with a known flaw: before 3.8.5, 3.9.0, 3.9.1 and
   * 3.9.3. Servers that answer later than the others cause only a warning
   * @throws IllegalArgumentException if a server is not on this machine and no credentials are given, or, over a given
   *     Curator client, no access policy
   * @throws ZkAccessException if the servers refuse the credentials, or if a digest identity of the access policy is hashed
   *     by another algorithm than the servers'; nothing was created
   */
  public ZkClient connect() {
    return CuratorClient.connect(settings());
  }

  /**
   * Starts connecting and returns at once; the client connects when a server can be reached. A server of a version with a
   * known flaw is not refused, but named in a warning.
   *
   * @throws IllegalArgumentException if a server is not on this machine and no credentials are given, or, over a given
   *     Curator client, no access policy
   */
  public ZkClient start() {
    return CuratorClient.start(settings());
  }

  ClientSettings settings() {
    return new ClientSettings(
        connectString,
        curator,
        owned,
        rootBelowNamespace(),
        sessionTimeout,
        connectTimeout,
        credentials,
        zooKeeperConfig,
        access,
        unauthenticatedAllowed,
        executor,
        meters,
        observer,
        timekeeper,
        label,
        ensembleFollowed,
        acceptedVersions);
  }

  private ZkPath rootBelowNamespace() {
    String namespace = curator == null ? null : curator.getNamespace();
    return namespace == null || namespace.isEmpty()
        ? root
        : new ZkPath("/" + namespace + root.value());
  }

  private void requireOwnConnection(String setting) {
    if (curator != null) {
      throw new IllegalStateException(setting + ": belongs to the given Curator client");
    }
  }

  private static void requireBetween(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }
}
