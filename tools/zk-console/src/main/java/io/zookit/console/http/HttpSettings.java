package io.zookit.console.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Settings of the HTTP server.
 *
 * @param host the address to bind
 * @param port the port to bind; 0 for any free one
 * @param publicHost the host name, with a port unless it is 443, under which browsers reach this console over TLS
 * @param readOnly whether every change is refused
 * @param tls ends TLS here; empty for plain HTTP, on a loopback address or behind a proxy that ends TLS
 */
public record HttpSettings(
    String host,
    int port,
    Optional<String> publicHost,
    boolean readOnly,
    Optional<TlsKeyStore> tls) {

  private static final int HIGHEST_PORT = 65_535;

  /**
   * Creates settings.
   *
   * @throws IllegalArgumentException if another address than a loopback one is to be bound without the name of TLS
   */
  public HttpSettings {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "port: " + port + " (expected: 0 to " + HIGHEST_PORT + ")");
    }
    if (publicHost.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException("bind: " + host
          + " (expected: a loopback address; any other needs --behind-proxy and a proxy that ends TLS, or --host and"
          + " --tls-keystore)");
    }
    publicHost.ifPresent(name -> {
      if (!name.matches("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")) {
        throw new IllegalArgumentException("host: \"" + name + "\" (expected: HOST[:PORT])");
      }
    });
  }

  /** Creates settings of a server that speaks plain HTTP. */
  public HttpSettings(String host, int port, Optional<String> publicHost, boolean readOnly) {
    this(host, port, publicHost, readOnly, Optional.empty());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("bind: " + host + " (unknown host)", e);
    }
  }

  /** Tells if browsers reach the console over TLS. */
  boolean isSecure() {
    return publicHost.isPresent() || tls.isPresent();
  }
}
