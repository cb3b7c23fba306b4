package io.zookit.console.follow;

import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.client.ConnectStringParser;

/** Asks each server of the connect string, without a session, for its version and mode ({@code srvr}). */
public final class EnsembleStatusProbe {

  private static final Pattern VERSION = Pattern.compile("Zookeeper version: (\\d+\\.\\d+\\.\\d+)");
  private static final Pattern MODE = Pattern.compile("(?m)^Mode: (\\w+)");
  private static final int MILLIS = 2_000;
  private static final int MOST_BYTES = 4_096;

  private final Timekeeper timekeeper;

  private EnsembleStatusProbe(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
  }

  /** A probe that reads the time from there. */
  public static EnsembleStatusProbe of(Timekeeper timekeeper) {
    return new EnsembleStatusProbe(timekeeper);
  }

  /**
   * A server.
   *
   * @param version null, like the mode, if it does not report it
   * @param problem why it serves nothing; null if it does
   */
  public record ServerHealth(
      String server, Optional<String> version, Optional<String> mode, Optional<String> problem) {}

  /** Asks all servers, one after another, at most two seconds each. */
  public List<ServerHealth> all(String connect) {
    List<ServerHealth> all = new ArrayList<>();
    for (InetSocketAddress server : new ConnectStringParser(connect).getServerAddresses()) {
      all.add(one(server));
    }
    return List.copyOf(all);
  }

  private ServerHealth one(InetSocketAddress server) {
    String name = server.getHostString() + ":" + server.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.getHostString(), server.getPort()), MILLIS);
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      String answer = answer(socket);
      Optional<String> problem = answer.contains("not currently serving requests")
          ? Optional.of("runs, but has no quorum")
          : Optional.empty();
      return new ServerHealth(name, first(VERSION, answer), first(MODE, answer), problem);
    } catch (SocketTimeoutException e) {
      return down(name, "does not answer within " + MILLIS + " ms");
    } catch (IOException e) {
      return down(name, "cannot be reached (" + e.getMessage() + ")");
    }
  }

  private static ServerHealth down(String name, String problem) {
    return new ServerHealth(name, Optional.empty(), Optional.empty(), Optional.of(problem));
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private String answer(Socket socket) throws IOException {
    long end = timekeeper.nanos() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
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
}
