package io.zookit.chaos.resource;

import io.zookit.core.FencingToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** A client's connection to the counters. */
public final class CounterClient implements AutoCloseable {

  /**
   * Result of a read.
   *
   * @param value of the fenced counter; empty if the token is stale
   * @param control value of the control counter
   */
  public record Counters(OptionalLong value, long control) {}

  private final String name;
  private final Socket socket;
  private final BufferedReader in;

  public CounterClient(String name, int port) throws IOException {
    this.name = name;
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  public Counters read(FencingToken token) throws IOException {
    String[] words = ask("READ " + name + " " + token).split(" ", -1);
    OptionalLong value = words[0].equals(CounterService.STALE)
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(words[0]));
    return new Counters(value, Long.parseLong(words[1]));
  }

  /** Writes both; false when the fenced one has refused. */
  public boolean write(FencingToken token, long value, long control) throws IOException {
    return ask("WRITE " + name + " " + token + " " + value + " " + control)
        .equals(CounterService.OK);
  }

  private String ask(String request) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write((request + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    String answer = in.readLine();
    if (answer == null) {
      throw new IOException("the counter has gone");
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
