package io.zookit.core.internal;

import io.zookit.core.Timekeeper;
import io.zookit.core.UnsupportedServerException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks one server directly, beside any session: is it there, and which version is it ({@code srvr}).
 *
 * @param server whom
 * @param version what it said; empty when it does not say
 * @param failure why it could not be asked; empty when it could
 */
record ServerProbe(InetSocketAddress server, Optional<String> version, Optional<String> failure) {

  private static final Pattern VERSION =
      Pattern.compile("Zookeeper version: (\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})\\b");
  private static final int MAX_LINE = 256;

  /**
   * Asks.
   *
   * @param timeoutMillis for connecting, and again for the answer; looking up a name takes what it takes
   */
  static ServerProbe ask(InetSocketAddress server, int timeoutMillis) {
    return probe(server, timeoutMillis, socket -> {
      long deadline = Timekeeper.system().nanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
      return askVersion(socket, deadline);
    });
  }

  /** Connects only. */
  static ServerProbe reach(InetSocketAddress server, int timeoutMillis) {
    return probe(server, timeoutMillis, socket -> Optional.empty());
  }

  private static ServerProbe probe(
      InetSocketAddress server, int timeoutMillis, Function<Socket, Optional<String>> question) {
    try (Socket socket = new Socket()) {
      InetSocketAddress resolved = new InetSocketAddress(server.getHostString(), server.getPort());
      if (resolved.isUnresolved()) {
        throw new UnknownHostException("unknown host");
      }
      socket.connect(resolved, timeoutMillis);
      return new ServerProbe(server, question.apply(socket), Optional.empty());
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return new ServerProbe(server, Optional.empty(), Optional.of(reason));
    }
  }

  /** Refuses a server that says it is older than 3.8.4, or 3.9.0 or 3.9.1: their watches disclose paths. */
  void requireSupported() {
    version.ifPresent(said -> {
      Matcher parts = VERSION.matcher(said);
      if (parts.find() && !isSupported(number(parts, 1), number(parts, 2), number(parts, 3))) {
        String found = parts.group(1) + "." + parts.group(2) + "." + parts.group(3);
        throw new UnsupportedServerException(
            describe() + ": ZooKeeper " + found + " (expected: 3.8.4 or later, 3.9.2 or later)");
      }
    });
  }

  String describe() {
    return server.getHostString() + ":" + server.getPort();
  }

  static boolean isSupported(int major, int minor, int patch) {
    if (major != 3) {
      return major > 3;
    }
    return switch (minor) {
      case 8 -> patch >= 4;
      case 9 -> patch >= 2;
      default -> minor > 9;
    };
  }

  /** A server that takes the connection and says nothing, or that does not allow the question, has no version. */
  private static Optional<String> askVersion(Socket socket, long deadline) {
    try {
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      String answer = firstLine(socket, deadline);
      return answer.contains("Zookeeper version") ? Optional.of(answer) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The version stands in the first line; the whole line must have come in time, in however small pieces. */
  private static String firstLine(Socket socket, long deadline) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    while (line.length() < MAX_LINE) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - Timekeeper.system().nanos());
      if (left <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      socket.setSoTimeout((int) left);
      int each = in.read();
      if (each < 0 || each == '\n') {
        break;
      }
      line.append((char) each);
    }
    return line.toString();
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }
}
