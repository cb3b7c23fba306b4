package io.zookit.core.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers of a connect string, and its chroot.
 *
 * @param servers not resolved
 * @param chroot empty or beginning with a slash
 */
record ServerAddresses(List<InetSocketAddress> servers, String chroot) {

  private static final int DEFAULT_PORT = 2181;

  static ServerAddresses parse(String connectString) {
    int slash = connectString.indexOf('/');
    String hosts = slash < 0 ? connectString : connectString.substring(0, slash);
    String chroot =
        slash < 0 || slash == connectString.length() - 1 ? "" : connectString.substring(slash);
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String host : hosts.split(",", -1)) {
      servers.add(server(connectString, host.trim()));
    }
    return new ServerAddresses(List.copyOf(servers), chroot);
  }

  /** Whether every server is this machine itself. Names are resolved; one that cannot be resolved is not. */
  boolean areLoopback() {
    for (InetSocketAddress server : servers) {
      try {
        if (!InetAddress.getByName(server.getHostString()).isLoopbackAddress()) {
          return false;
        }
      } catch (UnknownHostException e) {
        return false;
      }
    }
    return true;
  }

  private static InetSocketAddress server(String connectString, String host) {
    int colon = host.lastIndexOf(':');
    boolean bareIpv6 = host.indexOf(':') != colon && !host.contains("]");
    String name = colon < 0 || bareIpv6 ? host : host.substring(0, colon);
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    try {
      int port = colon < 0 || bareIpv6 ? DEFAULT_PORT : Integer.parseInt(host.substring(colon + 1));
      if (!name.isEmpty() && port > 0 && port < 65536) {
        return InetSocketAddress.createUnresolved(name, port);
      }
    } catch (NumberFormatException e) {
      throw malformed(connectString);
    }
    throw malformed(connectString);
  }

  private static IllegalArgumentException malformed(String connectString) {
    return new IllegalArgumentException(
        "connectString: \"" + connectString + "\" (expected: host:port[,host:port...][/chroot])");
  }
}
