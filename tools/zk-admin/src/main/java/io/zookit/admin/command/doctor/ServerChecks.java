package io.zookit.admin.command.doctor;

import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.DisplayText;
import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.client.ConnectStringParser;

/**
 * Asks every server of a connect string, one by one and without a session, what it is ({@code srvr}). A session is served by
 * one server; what is wrong with the others shows only here.
 */
final class ServerChecks {

  private static final Pattern VERSION = Pattern.compile("Zookeeper version: (\\d+\\.\\d+\\.\\d+)");
  private static final Pattern MODE = Pattern.compile("(?m)^Mode: (\\w+)");
  private static final Pattern ZXID = Pattern.compile("(?m)^Zxid: 0x([0-9a-f]+)");
  private static final String WITHOUT_QUORUM = "not currently serving requests";
  private static final int MOST_BYTES = 4096;

  private final Timekeeper timekeeper;
  private final int millis;
  private final boolean tls;
  private final List<Answered> answered = new ArrayList<>();

  /**
   * The checks of a connection.
   *
   * @param timeout for one server
   * @param tls whether the servers expect TLS, over which this question cannot be asked
   */
  ServerChecks(Timekeeper timekeeper, Duration timeout, boolean tls) {
    this.timekeeper = timekeeper;
    this.millis = (int) Math.max(1, timeout.toMillis());
    this.tls = tls;
  }

  /**
   * The answer of a server.
   *
   * @param zxid the newest change that it has
   */
  private record Answered(String name, String version, String mode, long zxid) {

    /** Changes have the number of their leader's epoch in the upper half. */
    String lagTo(long newest) {
      if (zxid >>> 32 != newest >>> 32) {
        return ", has not seen the present leader";
      }
      return zxid == newest ? "" : ", " + DisplayText.count(newest - zxid, "change") + " behind";
    }
  }

  /** A finding for each server, with its version, its mode and how far it is behind, and one for what they are together. */
  List<Finding> of(String connect) {
    List<InetSocketAddress> servers = new ConnectStringParser(connect).getServerAddresses();
    List<Finding> findings = new ArrayList<>();
    for (InetSocketAddress server : servers) {
      findings.add(check(server));
    }
    long newest = answered.stream().mapToLong(Answered::zxid).max().orElse(0);
    answered.forEach(each -> findings.replaceAll(finding -> finding.check().equals(each.name())
        ? Finding.ok(each.name(), each.version() + ", " + each.mode() + each.lagTo(newest))
        : finding));
    together(servers.size()).ifPresent(findings::add);
    return findings;
  }

  /** The name of the check of a server, given as in a connect string. */
  static String nameOf(String server) {
    return nameOf(new ConnectStringParser(server).getServerAddresses().get(0));
  }

  private static String nameOf(InetSocketAddress server) {
    return "server " + server.getHostString() + ":" + server.getPort();
  }

  private Finding check(InetSocketAddress server) {
    String name = nameOf(server);
    try (Socket socket = new Socket()) {
      InetSocketAddress resolved = new InetSocketAddress(server.getHostString(), server.getPort());
      if (resolved.isUnresolved()) {
        return down(name, "unknown host");
      }
      socket.connect(resolved, millis);
      return tls ? Finding.ok(name, "reachable; not asked, for it expects TLS") : ask(name, socket);
    } catch (IOException e) {
      return down(name, "cannot be reached (" + e.getMessage() + ")");
    }
  }

  private Finding ask(String name, Socket socket) {
    String answer;
    try {
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      answer = answer(socket);
    } catch (SocketTimeoutException e) {
      return down(name, "takes connections and answers nothing within " + millis + " ms");
    } catch (IOException e) {
      return down(name, "drops connections (" + e.getMessage() + ")");
    }
    if (answer.contains(WITHOUT_QUORUM)) {
      return down(name, "runs, but serves nothing: it has no quorum");
    }
    Matcher version = VERSION.matcher(answer);
    Matcher mode = MODE.matcher(answer);
    if (!version.find() || !mode.find()) {
      return Finding.ok(name, "reachable; it does not say what it is");
    }
    Matcher zxid = ZXID.matcher(answer);
    long newest = zxid.find() ? Long.parseUnsignedLong(zxid.group(1), 16) : 0;
    answered.add(new Answered(name, version.group(1), mode.group(1), newest));
    return Finding.ok(name, version.group(1) + ", " + mode.group(1));
  }

  private String answer(Socket socket) throws IOException {
    long end = timekeeper.nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    byte[] some = new byte[512];
    while (text.length() < MOST_BYTES) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - timekeeper.nanos());
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) left);
      int read = in.read(some);
      if (read < 0) {
        break;
      }
      text.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  private static Finding down(String name, String detail) {
    return Finding.bad(name, detail, ExitCode.UNAVAILABLE);
  }

  /** Servers that do not belong together answer as well as others. */
  private Optional<Finding> together(int servers) {
    List<String> modes = answered.stream().map(Answered::mode).toList();
    if (servers > 1 && modes.contains("standalone")) {
      return Optional.of(Finding.bad(
          "ensemble",
          "a standalone server is among the " + servers
              + " of the connect string: its data are its own",
          ExitCode.FAILURE));
    }
    boolean isLed = modes.contains("leader") || modes.size() < servers;
    if (servers == 1) {
      return Optional.empty();
    }
    if (!isLed) {
      return Optional.of(
          Finding.odd("ensemble", "none of these servers is the leader; is one left out?"));
    }
    return modes.contains("leader")
        ? Optional.of(Finding.ok(
            "ensemble",
            "a quorum serves: " + modes.size() + " of the " + servers
                + " servers of the connect string"))
        : Optional.empty();
  }
}
