package io.zookit.core.internal.client;

import io.zookit.core.AccessPolicy;
import io.zookit.core.ClientObserver;
import io.zookit.core.Meters;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.ConnectionKind;
import io.zookit.core.internal.session.Credentials;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a client, as {@link io.zookit.core.ZkClientBuilder} has checked them. Its text holds no secrets.
 *
 * @param connectString of the client's own connection; null over a given Curator client
 * @param curator the given Curator client, if there is one
 * @param owned whether closing the client closes the connection
 * @param root the path that all nodes are below, behind the namespace of a given Curator client
 * @param label null for the default one
 * @param acceptedVersions of servers that are accepted although they have a known flaw
 */
public record ClientSettings(
    @Nullable String connectString,
    @Nullable CuratorFramework curator,
    boolean owned,
    ZkPath root,
    Duration sessionTimeout,
    Duration connectTimeout,
    @Nullable Credentials credentials,
    @Nullable ZKClientConfig zooKeeperConfig,
    @Nullable AccessPolicy access,
    boolean unauthenticatedAllowed,
    @Nullable Executor executor,
    Meters meters,
    ClientObserver observer,
    Timekeeper timekeeper,
    @Nullable String label,
    boolean ensembleFollowed,
    Set<ServerVersion> acceptedVersions) {

  /** The greatest length of a label. */
  public static final int MAX_LABEL = 64;

  /** The system property of the default connect timeout, a duration such as {@code PT30S}. */
  public static final String CONNECT_TIMEOUT = "zookit.connectTimeout";

  /** Copies the set. */
  public ClientSettings {
    acceptedVersions = Set.copyOf(acceptedVersions);
  }

  /** The owner of the connection. One that follows the ensemble's configuration is Curator's, which can do that. */
  ConnectionKind connectionKind() {
    if (curator == null && !ensembleFollowed) {
      return ConnectionKind.KEPT;
    }
    return owned ? ConnectionKind.OWNED : ConnectionKind.SHARED;
  }

  /**
   * Returns the default connect timeout: 10 s, or the value of the system property.
   *
   * @throws IllegalArgumentException if the property is not a duration
   */
  public static Duration defaultConnectTimeout() {
    String given = System.getProperty(CONNECT_TIMEOUT, "PT10S");
    try {
      return Duration.parse(given);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          CONNECT_TIMEOUT + ": " + given + " (expected: a duration such as PT30S)", e);
    }
  }
}
