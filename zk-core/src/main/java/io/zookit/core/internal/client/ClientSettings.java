package io.zookit.core.internal.client;

import io.zookit.core.AccessPolicy;
import io.zookit.core.ClientObserver;
import io.zookit.core.Identity;
import io.zookit.core.Meters;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Credentials;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/** What a client was asked to be. Immutable; every value is checked when it is set. */
public final class ClientSettings implements Cloneable {

  static final int MAX_LABEL = 64;

  /** The system property of the default connect timeout, a duration such as {@code PT30S}. */
  public static final String CONNECT_TIMEOUT = "zookit.connectTimeout";

  private @Nullable String connectString;
  private @Nullable CuratorFramework curator;
  private boolean owned = true;
  private ZkPath root = ZkPath.absolute("/zookit");
  private Duration sessionTimeout = Duration.ofSeconds(15);
  private Duration connectTimeout = defaultConnectTimeout();
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
  private Set<ServerVersion> acceptedVersions = Set.of();

  private ClientSettings() {}

  /** Settings of a client that makes its own connection. */
  public static ClientSettings toAddress(String connectString) {
    ServerAddresses.parse(connectString);
    ClientSettings settings = new ClientSettings();
    settings.connectString = connectString;
    return settings;
  }

  /** Settings of a client over a Curator client. */
  public static ClientSettings over(CuratorFramework curator, boolean owned) {
    if (curator.getState() == CuratorFrameworkState.STOPPED) {
      throw new IllegalArgumentException(
          "curator: is closed (expected: started, or to be started)");
    }
    ClientSettings settings = new ClientSettings();
    settings.curator = curator;
    settings.owned = owned;
    return settings;
  }

  /** Another root. */
  public ClientSettings withRoot(String path) {
    ClientSettings copy = copy();
    copy.root = ZkPath.absolute(path);
    return copy;
  }

  /** Another session timeout, 100 ms to 24 h. */
  public ClientSettings withSessionTimeout(Duration timeout) {
    requireOwnConnection("sessionTimeout");
    requireBetween("sessionTimeout", timeout, Duration.ofMillis(100), Duration.ofHours(24));
    ClientSettings copy = copy();
    copy.sessionTimeout = timeout;
    return copy;
  }

  /** Another connect timeout, more than zero. */
  public ClientSettings withConnectTimeout(Duration timeout) {
    requireBetween("connectTimeout", timeout, Duration.ofMillis(1), Duration.ofHours(24));
    ClientSettings copy = copy();
    copy.connectTimeout = timeout;
    return copy;
  }

  /** With credentials. */
  public ClientSettings withCredentials(String scheme, String secret, Identity identity) {
    requireOwnConnection(scheme);
    ClientSettings copy = copy();
    copy.credentials = new Credentials(scheme, secret, identity);
    return copy;
  }

  /** With ZooKeeper's own client configuration. */
  public ClientSettings withZooKeeperConfig(ZKClientConfig config) {
    requireOwnConnection("zooKeeperConfig");
    ClientSettings copy = copy();
    copy.zooKeeperConfig = config;
    return copy;
  }

  /** With an access policy. */
  public ClientSettings withAccess(AccessPolicy policy) {
    ClientSettings copy = copy();
    copy.access = policy;
    return copy;
  }

  /** Without the refusal of unauthenticated connections. */
  public ClientSettings withUnauthenticatedAllowed() {
    ClientSettings copy = copy();
    copy.unauthenticatedAllowed = true;
    return copy;
  }

  /** With an executor for callbacks. */
  public ClientSettings withExecutor(Executor given) {
    ClientSettings copy = copy();
    copy.executor = given;
    return copy;
  }

  /** With meters. */
  public ClientSettings withMeters(Meters given) {
    ClientSettings copy = copy();
    copy.meters = given;
    return copy;
  }

  /** With an observer. */
  public ClientSettings withObserver(ClientObserver given) {
    ClientSettings copy = copy();
    copy.observer = given;
    return copy;
  }

  /** With another clock. */
  public ClientSettings withTimekeeper(Timekeeper given) {
    ClientSettings copy = copy();
    copy.timekeeper = given;
    return copy;
  }

  /** With a label. */
  public ClientSettings withLabel(String given) {
    if (given.isBlank()
        || given.length() > MAX_LABEL
        || given.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("label: \"" + ZkPath.printable(given)
          + "\" (expected: 1 to " + MAX_LABEL + " printable characters)");
    }
    ClientSettings copy = copy();
    copy.label = given;
    return copy;
  }

  /** With the ensemble's own addresses followed. */
  public ClientSettings withEnsembleFollowed() {
    requireOwnConnection("followEnsemble");
    ClientSettings copy = copy();
    copy.ensembleFollowed = true;
    return copy;
  }

  /** With one more version of servers that is accepted whatever is wrong with it. */
  public ClientSettings withAcceptedVersion(String version) {
    Set<ServerVersion> versions = new HashSet<>(acceptedVersions);
    versions.add(ServerVersion.parse(version));
    ClientSettings copy = copy();
    copy.acceptedVersions = Set.copyOf(versions);
    return copy;
  }

  private void requireOwnConnection(String setting) {
    if (curator != null) {
      throw new IllegalStateException(
          setting + ": belongs to the Curator client this client is made over");
    }
  }

  private static void requireBetween(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  private ClientSettings copy() {
    try {
      return (ClientSettings) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  @Nullable
  String connectString() {
    return connectString;
  }

  @Nullable
  CuratorFramework curator() {
    return curator;
  }

  boolean owned() {
    return owned;
  }

  /** The path everything lives under; the namespace of a given Curator client comes first, as in all its paths. */
  public ZkPath root() {
    String namespace = curator == null ? null : curator.getNamespace();
    return namespace == null || namespace.isEmpty()
        ? root
        : new ZkPath("/" + namespace + root.value());
  }

  Duration sessionTimeout() {
    return sessionTimeout;
  }

  private static Duration defaultConnectTimeout() {
    String given = System.getProperty(CONNECT_TIMEOUT, "PT10S");
    try {
      return Duration.parse(given);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          CONNECT_TIMEOUT + ": " + given + " (expected: a duration such as PT30S)", e);
    }
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  @Nullable
  public Credentials credentials() {
    return credentials;
  }

  @Nullable
  ZKClientConfig zooKeeperConfig() {
    return zooKeeperConfig;
  }

  @Nullable
  public AccessPolicy access() {
    return access;
  }

  boolean unauthenticatedAllowed() {
    return unauthenticatedAllowed;
  }

  @Nullable
  Executor executor() {
    return executor;
  }

  Meters meters() {
    return meters;
  }

  ClientObserver observer() {
    return observer;
  }

  Timekeeper timekeeper() {
    return timekeeper;
  }

  @Nullable
  String label() {
    return label;
  }

  Set<ServerVersion> acceptedVersions() {
    return acceptedVersions;
  }

  boolean ensembleFollowed() {
    return ensembleFollowed;
  }
}
