package io.zookit.core.internal.client;

import io.zookit.core.Timekeeper;
import io.zookit.core.UnsupportedServerException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * The answer of one server that was queried directly, without a session: whether it serves, and its version ({@code
 * srvr}).
 *
 * @param server as the connect string names it
 * @param address the address of it that was connected, if any was
 * @param status the kind of its answer
 * @param version as it reported it; empty if it did not
 * @param failure why it could not be queried; empty if it could
 */
record ServerProbe(
    InetSocketAddress server,
    Optional<InetSocketAddress> address,
    ServerStatus status,
    Optional<String> version,
    Optional<String> failure) {

  /** The kinds of answers, best first. */
  enum ServerStatus {
    /** It is part of a quorum, or alone. */
    SERVES,
    /** It answers, but not the question. */
    ANSWERS,
    /** The server reports that it serves no clients now. */
    IDLE,
    /** It takes the connection and says nothing. */
    SILENT,
    /** It cannot be connected. */
    UNREACHABLE;

    /** Tells if a session is likely to be granted. */
    boolean isGood() {
      return this == SERVES || this == ANSWERS;
    }
  }

  /** The reply of a server that was connected. */
  private record ServerReply(ServerStatus status, Optional<String> version) {

    private static final ServerReply SILENCE =
        new ServerReply(ServerStatus.SILENT, Optional.empty());
    private static final ServerReply REACHED =
        new ServerReply(ServerStatus.ANSWERS, Optional.empty());

    static ServerReply of(String line) {
      if (line.contains("Zookeeper version")) {
        return new ServerReply(ServerStatus.SERVES, Optional.of(line));
      }
      if (line.isBlank()) {
        return SILENCE;
      }
      return line.contains("not currently serving")
          ? new ServerReply(ServerStatus.IDLE, Optional.empty())
          : REACHED;
    }
  }

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

  /**
   * Asks over TLS. A server with which no handshake succeeds counts as silent: {@link TlsDiagnosis} says why, when it
   * matters.
   */
  static ServerProbe askOverTls(InetSocketAddress server, SSLContext tls, int timeoutMillis) {
    return probe(server, timeoutMillis, plain -> {
      long deadline = Timekeeper.system().nanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
      try {
        plain.setSoTimeout(timeoutMillis);
        Socket socket = tls.getSocketFactory()
            .createSocket(plain, server.getHostString(), server.getPort(), true);
        return askVersion(socket, deadline);
      } catch (IOException e) {
        return ServerReply.SILENCE;
      }
    });
  }

  /** Connects only. */
  static ServerProbe reach(InetSocketAddress server, int timeoutMillis) {
    return probe(server, timeoutMillis, socket -> ServerReply.REACHED);
  }

  /** A server that could not be asked. */
  static ServerProbe failed(InetSocketAddress server, String reason) {
    return new ServerProbe(
        server, Optional.empty(), ServerStatus.UNREACHABLE, Optional.empty(), Optional.of(reason));
  }

  /** The answer of the first address of a name that can be connected. */
  private static ServerProbe probe(
      InetSocketAddress server, int timeoutMillis, Function<Socket, ServerReply> question) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(server.getHostString());
    } catch (UnknownHostException e) {
      return failed(server, "unknown host");
    }
    Collections.shuffle(Arrays.asList(addresses)); // a name of several is to spread its clients
    ServerProbe last = failed(server, "no address");
    for (int i = 0; i < addresses.length && last.status == ServerStatus.UNREACHABLE; i++) {
      InetSocketAddress address = new InetSocketAddress(addresses[i], server.getPort());
      last = probe(server, address, timeoutMillis, question);
    }
    return last;
  }

  private static ServerProbe probe(
      InetSocketAddress server,
      InetSocketAddress address,
      int timeoutMillis,
      Function<Socket, ServerReply> question) {
    try (Socket socket = new Socket()) {
      socket.connect(address, timeoutMillis);
      ServerReply reply = question.apply(socket);
      return new ServerProbe(
          server, Optional.of(address), reply.status, reply.version, Optional.empty());
    } catch (IOException e) {
      return failed(server, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  /**
   * Refuses a server of a version with a known flaw, unless an operator vouches for it.
   *
   * @param accepted the versions whose flaws are mended where this client runs
   * @throws UnsupportedServerException if it is refused
   */
  void requireSupported(Set<ServerVersion> accepted) {
    Optional<ServerVersion> found = version.flatMap(ServerVersion::in);
    found
        .filter(version -> !accepted.contains(version))
        .flatMap(ServerVersion::flaw)
        .ifPresent(flaw -> {
          String number = found.orElseThrow().toString();
          throw new UnsupportedServerException(describe() + ": ZooKeeper " + number + " " + flaw
              + " (expected: " + ServerVersion.EXPECTED + ", or acceptServerVersion(\"" + number
              + "\") if its vendor has ported the fix back)");
        });
  }

  String describe() {
    return server.getHostString() + ":" + server.getPort();
  }

  /** A server that takes the connection and says nothing, or that does not allow the question, has no version. */
  private static ServerReply askVersion(Socket socket, long deadline) {
    try {
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return ServerReply.of(firstLine(socket, deadline));
    } catch (IOException e) {
      return ServerReply.SILENCE;
    }
  }

  /** Reads the first line, which holds the version; the whole line must arrive in time, in however small pieces. */
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
}
