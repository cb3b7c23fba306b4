package io.zookit.chaos.recovery;

import io.zookit.testkit.ZkProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Number of watches set on the servers of an ensemble, as they report it. */
final class WatchCount {

  private static final String KEY = "zk_watch_count";
  private static final int PATIENCE_MILLIS = 5_000;

  private WatchCount() {}

  static long of(ZkProcesses servers) throws IOException {
    long sum = 0;
    for (int i = 0; i < servers.size(); i++) {
      String address = servers.connectString(i);
      sum += parse(ask(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1))));
    }
    return sum;
  }

  /** The number in a server's answer to {@code mntr}. */
  static long parse(String answer) {
    return answer
        .lines()
        .filter(line -> line.startsWith(KEY + "\t"))
        .mapToLong(line -> Long.parseLong(line.substring(KEY.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + KEY + " in: " + answer));
  }

  private static String ask(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write("mntr".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
