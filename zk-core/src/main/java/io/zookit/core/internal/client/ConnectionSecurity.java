package io.zookit.core.internal.client;

import com.google.common.hash.Hashing;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.UnsupportedServerException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.access.AccessLists;
import io.zookit.core.internal.access.NodeAccess;
import io.zookit.core.internal.session.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks of credentials, access lists and server versions before and while a client connects, with clear messages. */
final class ConnectionSecurity {

  private static final Logger log = LoggerFactory.getLogger(ConnectionSecurity.class);
  private static final int HANDSHAKE_MILLIS = 5000;
  private static final byte[] FINGERPRINT_KEY = randomKey();

  private ConnectionSecurity() {}

  /**
   * Returns the access lists that follow from the settings.
   *
   * @throws IllegalArgumentException without credentials, or with nodes that are open to all clients over a given
   *     Curator client, if a server is not on this machine and it was not allowed
   */
  static AccessLists accessLists(ClientSettings settings, ServerAddresses addresses) {
    if (settings.curator() == null) {
      requireCredentials(settings, addresses);
    } else {
      requireClosedNodes(settings, addresses);
    }
    return NodeAccess.TABLE.under(settings.root(), policy(settings));
  }

  private static void requireCredentials(ClientSettings settings, ServerAddresses addresses) {
    if (authenticates(settings) || settings.unauthenticatedAllowed()) {
      return;
    }
    if (!addresses.areLoopback()) {
      throw new IllegalArgumentException("credentials: none, and not all of " + describe(addresses)
          + " are on this machine (expected: digest(user, password), a TLS key store, a SASL login,"
          + " or allowUnauthenticated())");
    }
    log.warn(
        "no credentials: any client that reaches {} may read and change everything",
        describe(addresses));
  }

  /** A given Curator client keeps its credentials to itself; what can be seen is whether nodes would be open to all. */
  private static void requireClosedNodes(ClientSettings settings, ServerAddresses addresses) {
    boolean open = policy(settings).identitiesOf(Role.ADMIN).contains(Identity.anyone());
    if (!open || settings.unauthenticatedAllowed()) {
      return;
    }
    if (!addresses.areLoopback()) {
      throw new IllegalArgumentException(
          "access: open to all clients over a given Curator client, and not all of "
              + describe(addresses) + " are on this machine (expected: access(policy), such as"
              + " AccessPolicy.sharedBy(Identity.creator()) if the Curator client authenticates,"
              + " or allowUnauthenticated())");
    }
    log.warn(
        "over a given Curator client: any client may read and change what this client creates");
  }

  /**
   * Returns a fingerprint of what a connection with these settings proves; empty if that is not known: the credentials of a
   * given Curator client, a certificate, a login. It is keyed by a secret of this JVM, so that no password can be found by it.
   */
  static Optional<String> fingerprint(ClientSettings settings) {
    if (settings.curator() != null
        || ClientConfigSecurity.authenticates(settings.zooKeeperConfig())) {
      return Optional.empty();
    }
    Credentials credentials = settings.credentials();
    return Optional.of(
        credentials == null
            ? "anonymous"
            : Hashing.hmacSha256(FINGERPRINT_KEY)
                .newHasher()
                .putString(credentials.scheme(), StandardCharsets.UTF_8)
                .putByte((byte) 0)
                .putString(credentials.secret(), StandardCharsets.UTF_8)
                .hash()
                .toString());
  }

  private static byte[] randomKey() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  /** Tells if the connection that these settings describe has credentials. */
  private static boolean authenticates(ClientSettings settings) {
    return settings.credentials() != null
        || ClientConfigSecurity.authenticates(settings.zooKeeperConfig());
  }

  /** Returns the access policy that was set, or the one that follows from the credentials. */
  static AccessPolicy policy(ClientSettings settings) {
    AccessPolicy given = settings.access();
    if (given != null) {
      return given;
    }
    Credentials credentials = settings.credentials();
    if (credentials != null) {
      return AccessPolicy.sharedBy(credentials.identity());
    }
    return authenticates(settings)
        ? AccessPolicy.sharedBy(Identity.creator())
        : AccessPolicy.open();
  }

  /** Warns of a server that can no longer be refused: the client is connected, or was started without waiting. */
  static void warnOfUnsupported(Object client, ClientSettings settings, ServerProbe probe) {
    try {
      probe.requireSupported(settings.acceptedVersions());
    } catch (UnsupportedServerException e) {
      log.warn("{}: {}", client, e.getMessage());
    }
  }

  /** The error of a connect that came to nothing: each address and why. */
  static ZkUnavailableException unreachable(
      ClientSettings settings, List<ServerProbe> probes, Duration timeout) {
    String each = probes.stream()
        .map(probe -> probe.describe() + " (" + reason(settings, probe, timeout) + ")")
        .collect(Collectors.joining(", "));
    return new ZkUnavailableException("no ZooKeeper session within " + timeout.toMillis() + " ms: "
        + each + "; nothing was changed");
  }

  private static String reason(ClientSettings settings, ServerProbe probe, Duration timeout) {
    return probe
        .failure()
        .or(() -> tlsFailure(settings.zooKeeperConfig(), probe, timeout))
        .orElseGet(() -> switch (probe.status()) {
          case SERVES, ANSWERS -> "the server answers but gave no session";
          case IDLE -> "the server reports that it serves no clients now";
          case SILENT, UNREACHABLE -> "the port is open but no ZooKeeper server answers";
        });
  }

  private static Optional<String> tlsFailure(
      @Nullable ZKClientConfig config, ServerProbe probe, Duration timeout) {
    int millis = (int) Math.min(HANDSHAKE_MILLIS, timeout.toMillis() / 2 + 1);
    return config != null && TlsDiagnosis.applies(config)
        ? TlsDiagnosis.of(probe.server(), config, millis)
        : Optional.empty();
  }

  private static String describe(ServerAddresses addresses) {
    return addresses.servers().stream()
        .map(server -> server.getHostString() + ":" + server.getPort())
        .collect(Collectors.joining(","));
  }
}
