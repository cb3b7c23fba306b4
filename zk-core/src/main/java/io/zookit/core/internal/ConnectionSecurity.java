package io.zookit.core.internal;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.ZkUnavailableException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be right before and while connecting: credentials, access lists, versions, and a clear word if not. */
final class ConnectionSecurity {

  private static final Logger log = LoggerFactory.getLogger(ConnectionSecurity.class);
  private static final int PROBE_MILLIS = 1000;

  private ConnectionSecurity() {}

  /**
   * Who may do what, after the settings.
   *
   * @throws IllegalArgumentException without credentials, when a server is not on this machine and it was not allowed
   */
  static AccessLists accessLists(ClientSettings settings, ServerAddresses addresses) {
    boolean authenticated = settings.credentials() != null
        || settings.zooKeeperConfig() != null
        || settings.curator() != null;
    if (!authenticated && !settings.unauthenticatedAllowed()) {
      if (!addresses.areLoopback()) {
        throw new IllegalArgumentException(
            "credentials: none, and " + describe(addresses)
                + " is not on this machine (expected: digest(user, password), TLS or SASL, or allowUnauthenticated())");
      }
      log.warn(
          "no credentials: everybody who reaches {} may read and change everything",
          describe(addresses));
    }
    if (settings.curator() != null && settings.access() == null) {
      log.warn(
          "no access policy over a given Curator client: everybody may read and change what it creates");
    }
    return AccessTable.membersOnly().under(settings.root(), policy(settings));
  }

  /** Who may do what, as set or as the credentials say. */
  static AccessPolicy policy(ClientSettings settings) {
    AccessPolicy given = settings.access();
    if (given != null) {
      return given;
    }
    ClientSettings.Credentials credentials = settings.credentials();
    if (credentials != null) {
      return AccessPolicy.sharedBy(credentials.identity());
    }
    return settings.zooKeeperConfig() != null
        ? AccessPolicy.sharedBy(Identity.creator())
        : AccessPolicy.open();
  }

  /** Asks every server for its version, all at once, and refuses one that says it is too old. */
  static void requireSupportedServers(
      ClientSettings settings, ServerAddresses addresses, Executor executor) {
    if (settings.zooKeeperConfig() != null) {
      log.debug("server versions are not asked for over TLS or SASL");
      return;
    }
    int millis = (int) Math.min(PROBE_MILLIS, settings.connectTimeout().toMillis());
    List<CompletableFuture<ServerProbe>> asked = new ArrayList<>();
    for (InetSocketAddress server : addresses.servers()) {
      asked.add(CompletableFuture.supplyAsync(() -> ServerProbe.ask(server, millis), executor));
    }
    asked.stream().map(CompletableFuture::join).forEach(ServerProbe::requireSupported);
  }

  /** The error of a connect that came to nothing: each address and why. */
  static ZkUnavailableException unreachable(ServerAddresses addresses, Duration timeout) {
    String each = addresses.servers().stream()
        .map(server -> ServerProbe.ask(server, PROBE_MILLIS))
        .map(probe -> probe.describe() + " (" + reason(probe) + ")")
        .collect(Collectors.joining(", "));
    return new ZkUnavailableException("no ZooKeeper session within " + timeout.toMillis() + " ms: "
        + each + "; nothing was changed");
  }

  private static String reason(ServerProbe probe) {
    return probe
        .failure()
        .orElseGet(() -> probe.version().isPresent()
            ? "the server answers but gave no session"
            : "the port is open but no ZooKeeper server answers");
  }

  private static String describe(ServerAddresses addresses) {
    return addresses.servers().stream()
        .map(server -> server.getHostString() + ":" + server.getPort())
        .collect(Collectors.joining(","));
  }
}
