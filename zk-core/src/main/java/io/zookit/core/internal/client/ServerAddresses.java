package io.zookit.core.internal.client;

import io.zookit.core.internal.path.ZkPath;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.common.PathUtils;

/**
 * The servers of a connect string, and its chroot.
 *
 * @param servers not resolved
 * @param chroot empty or beginning with a slash
 */
public record ServerAddresses(List<InetSocketAddress> servers, String chroot) {

  private static final String DEFAULT_PORT = "2181";

  /** A name or an IPv4 address, or an IPv6 address in brackets; ZooKeeper would read a bare one as host and port. */
  private static final Pattern SERVER =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s\\[\\]:,/]+))(?::(\\d{1,5}))?");

  public static ServerAddresses parse(String connectString) {
    int slash = connectString.indexOf('/');
    String hosts = slash < 0 ? connectString : connectString.substring(0, slash);
    String chroot =
        slash < 0 || slash == connectString.length() - 1 ? "" : connectString.substring(slash);
    if (!isValidChroot(chroot)) {
      throw malformed(connectString);
    }
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String host : hosts.split(",", -1)) {
      servers.add(server(connectString, host.trim()));
    }
    return new ServerAddresses(List.copyOf(servers), chroot);
  }

  /** Tells if every server is this machine itself. Names are resolved; one that cannot be resolved is not. */
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

  /** A comma is most likely a chroot after each host; ZooKeeper takes one, after the last. */
  private static boolean isValidChroot(String chroot) {
    if (chroot.isEmpty()) {
      return true;
    }
    try {
      PathUtils.validatePath(chroot);
      return chroot.indexOf(',') < 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static InetSocketAddress server(String connectString, String host) {
    Matcher parts = SERVER.matcher(host);
    if (!parts.matches()) {
      throw malformed(connectString);
    }
    int port = Integer.parseInt(Objects.requireNonNullElse(parts.group(3), DEFAULT_PORT));
    if (port < 1 || port > 65535) {
      throw malformed(connectString);
    }
    String name = parts.group(1) == null ? parts.group(2) : parts.group(1);
    return InetSocketAddress.createUnresolved(name, port);
  }

  private static IllegalArgumentException malformed(String connectString) {
    return new IllegalArgumentException("connectString: \"" + ZkPath.printable(connectString)
        + "\" (expected: host:port[,host:port...][/chroot], IPv6 addresses in brackets)");
  }
}
