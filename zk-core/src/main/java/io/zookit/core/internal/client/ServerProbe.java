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
 * Asks one server directly, beside any session: is it there, and which version is it ({@code srvr}).
 *
 * @param server whom, as the connect string names it
 * @param address the address of it that was connected, if any was
 * @param standing how it answered
 * @param version what it said; empty when it does not say
 * @param failure why it could not be asked; empty when it could
 */
record ServerProbe(
    InetSocketAddress server,
    Optional<InetSocketAddress> address,
    Standing standing,
    Optional<String> version,
    Optional<String> failure) {

  /** How a server answered, best first. */
  enum Standing {
    /** It is part of a quorum, or alone. */
    SERVES,
    /** It answers, but not the question. */
    ANSWERS,
    /** It says that it serves nobody now. */
    IDLE,
    /** It takes the connection and says nothing. */
    SILENT,
    /** It cannot be connected. */
    UNREACHABLE;

    /** Whether a session is likely. */
    boolean isGood() {
      return this == SERVES || this == ANSWERS;
    }
  }

  /** What a server that was connected said. */
  private record Reply(Standing standing, Optional<String> version) {

    private static final Reply SILENCE = new Reply(Standing.SILENT, Optional.empty());
    private static final Reply REACHED = new Reply(Standing.ANSWERS, Optional.empty());

    static Reply of(String line) {
      if (line.contains("Zookeeper version")) {
        return new Reply(Standing.SERVES, Optional.of(line));
      }
      if (line.isBlank()) {
        return SILENCE;
      }
      return line.contains("not currently serving")
          ? new Reply(Standing.IDLE, Optional.empty())
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
        return Reply.SILENCE;
      }
    });
  }

  /** Connects only. */
  static ServerProbe reach(InetSocketAddress server, int timeoutMillis) {
    return probe(server, timeoutMillis, socket -> Reply.REACHED);
  }

  /** A server that could not be asked. */
  static ServerProbe failed(InetSocketAddress server, String reason) {
    return new ServerProbe(
        server, Optional.empty(), Standing.UNREACHABLE, Optional.empty(), Optional.of(reason));
  }

  /** The answer of the first address of a name that can be connected. */
  private static ServerProbe probe(
      InetSocketAddress server, int timeoutMillis, Function<Socket, Reply> question) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(server.getHostString());
    } catch (UnknownHostException e) {
      return failed(server, "unknown host");
    }
    Collections.shuffle(Arrays.asList(addresses)); // a name of several is to spread its clients
    ServerProbe last = failed(server, "no address");
    for (int i = 0; i < addresses.length && last.standing == Standing.UNREACHABLE; i++) {
      InetSocketAddress address = new InetSocketAddress(addresses[i], server.getPort());
      last = probe(server, address, timeoutMillis, question);
    }
    return last;
  }

  private static ServerProbe probe(
      InetSocketAddress server,
      InetSocketAddress address,
      int timeoutMillis,
      Function<Socket, Reply> question) {
    try (Socket socket = new Socket()) {
      socket.connect(address, timeoutMillis);
      Reply reply = question.apply(socket);
      return new ServerProbe(
          server, Optional.of(address), reply.standing, reply.version, Optional.empty());
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
  private static Reply askVersion(Socket socket, long deadline) {
    try {
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return Reply.of(firstLine(socket, deadline));
    } catch (IOException e) {
      return Reply.SILENCE;
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
}
