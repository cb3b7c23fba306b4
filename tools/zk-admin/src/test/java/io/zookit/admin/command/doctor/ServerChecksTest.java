package io.zookit.admin.command.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerChecksTest {

  @Test
  void findings_ofAnEnsemble_nameVersionModeAndLag() throws Exception {
    try (ServerSocket leader = answering("leader", "0x100000007");
        ServerSocket follower = answering("follower", "0x100000004");
        ServerSocket stale = answering("follower", "0xffffffff")) {
      assertThat(details(leader, follower, stale))
          .containsExactly(
              "ok 3.9.5, leader",
              "ok 3.9.5, follower, 3 changes behind",
              "ok 3.9.5, follower, has not seen the present leader",
              "ok a quorum serves: 3 of the 3 servers of the connect string");
    }
  }

  @Test
  void findings_ofFollowersOnly_areOdd() throws Exception {
    try (ServerSocket one = answering("follower", "0x100000007");
        ServerSocket other = answering("follower", "0x100000006")) {
      assertThat(details(one, other))
          .containsExactly(
              "ok 3.9.5, follower",
              "ok 3.9.5, follower, 1 change behind",
              "odd none of these servers is the leader; is one left out?");
    }
  }

  private static List<String> details(ServerSocket... servers) {
    StringBuilder connect = new StringBuilder();
    for (ServerSocket server : servers) {
      connect.append(connect.length() == 0 ? "" : ",").append("127.0.0.1:" + server.getLocalPort());
    }
    return new ServerChecks(Timekeeper.system(), Duration.ofMinutes(1), false)
        .of(connect.toString()).stream()
            .map(finding -> finding.result() + " " + finding.detail())
            .toList();
  }

  /** A server that answers one question. */
  private static ServerSocket answering(String mode, String zxid) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(() -> answer(server, mode, zxid), "answering");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  private static void answer(ServerSocket server, String mode, String zxid) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().readNBytes(4);
      socket
          .getOutputStream()
          .write(("Zookeeper version: 3.9.5-1, built on\nZxid: " + zxid + "\nMode: " + mode + "\n")
              .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
