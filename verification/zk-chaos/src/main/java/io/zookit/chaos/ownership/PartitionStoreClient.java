package io.zookit.chaos.ownership;

import io.zookit.core.FencingToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A process's connection to a {@link PartitionStore}. Thread-safe. */
final class PartitionStoreClient implements AutoCloseable {

  private final String life;
  private final Socket socket;
  private final BufferedReader in;

  PartitionStoreClient(String life, int port) throws IOException {
    this.life = life;
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Writes to a partition; false if the token is stale. */
  boolean write(int partition, FencingToken token, long asked, boolean valid) {
    return ask("WRITE " + life + " " + partition + " " + token + " " + asked + " " + valid);
  }

  /** Writes as the control. */
  void control(int partition) {
    ask("CONTROL " + life + " " + partition);
  }

  private synchronized boolean ask(String request) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write((request + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      String answer = in.readLine();
      if (answer == null) {
        throw new IOException("the store has gone");
      }
      return answer.equals(PartitionStore.OK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
