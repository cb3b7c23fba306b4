package io.zookit.config;

import static org.awaitility.Awaitility.await;

import io.zookit.testkit.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/**
 * Three servers as processes, of which the first is connected to the others by links that can be held: then it is a follower
 * behind its leader, which serves what it has, also to sessions that are new, for these are its own.
 *
 * <pre>
 *   client ──► server 0 ──link──► leader (1 or 2)        held: what the leader says comes later
 *   client ──► server 1, 2
 * </pre>
 */
final class LaggingEnsemble implements AutoCloseable {

  private static final int SERVERS = 3;
  private static final int CLIENT = 0;
  private static final int QUORUM = 1;
  private static final int ELECTION = 2;

  private final List<Socket> ports = new ArrayList<>();
  private final List<AutoCloseable> made = new ArrayList<>();
  private final Path folder;
  private boolean held;

  LaggingEnsemble(Path folder) throws Exception {
    this.folder = folder;
    for (int i = 0; i < SERVERS * 3; i++) {
      Socket placeholder =
          new Socket(); // keeps the port from being given to others; see the kit's servers
      placeholder.setReuseAddress(true);
      placeholder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      ports.add(placeholder);
    }
    int[] links = {0, link(port(1, QUORUM)), link(port(2, QUORUM))};
    launch(1, new int[] {port(0, QUORUM), port(1, QUORUM), port(2, QUORUM)});
    launch(2, new int[] {port(0, QUORUM), port(1, QUORUM), port(2, QUORUM)});
    awaitServing(2);
    launch(0, new int[] {port(0, QUORUM), links[1], links[2]}); // comes last, so it does not lead
    awaitServing(0);
  }

  /** The program of a server. */
  public static void main(String[] args) {
    ChildJvm.exitWithParent();
    QuorumPeerMain.main(args);
  }

  String address(int server) {
    return "127.0.0.1:" + port(server, CLIENT);
  }

  /** Holds the links of the first server, for less than half a minute, or it leaves its leader. */
  synchronized void hold() {
    held = true;
  }

  /** Lets the first server catch up. */
  synchronized void release() {
    held = false;
    notifyAll();
  }

  /** A client of one server, without Zookit. */
  ZooKeeper plain(int server) throws Exception {
    ZooKeeper client = new ZooKeeper(address(server), 30_000, event -> {});
    made.add(client);
    await().atMost(Duration.ofSeconds(60)).until(() -> client.getState().isConnected());
    return client;
  }

  private int port(int server, int use) {
    return ports.get(server * 3 + use).getLocalPort();
  }

  private void launch(int server, int[] quorum) throws IOException {
    Path home = Files.createDirectories(folder.resolve("server-" + server));
    Path data = Files.createDirectories(home.resolve("data"));
    Files.writeString(data.resolve("myid"), Integer.toString(server + 1));
    StringBuilder lines = new StringBuilder("tickTime=500\ninitLimit=40\nsyncLimit=60\n")
        .append("localSessionsEnabled=true\nlocalSessionsUpgradingEnabled=true\n")
        .append("admin.enableServer=false\nclientPortAddress=127.0.0.1\nclientPort=")
        .append(port(server, CLIENT))
        .append("\ndataDir=" + data + "\n");
    for (int i = 0; i < SERVERS; i++) {
      lines.append(
          "server." + (i + 1) + "=127.0.0.1:" + quorum[i] + ":" + port(i, ELECTION) + "\n");
    }
    Path file = Files.writeString(home.resolve("zoo.cfg"), lines);
    made.add(ChildJvm.of(LaggingEnsemble.class)
        .jvmOptions("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .args(file.toString())
        .directory(home)
        .log(home.resolve("log"))
        .start());
  }

  private void awaitServing(int server) throws Exception {
    plain(server).exists("/", false);
  }

  /** A link to a port; its own. */
  private int link(int target) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    made.add(listener);
    thread(() -> {
      while (true) {
        Socket near = listener.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        thread(() -> pump(near, far, false));
        thread(() -> pump(far, near, true));
      }
    });
    return listener.getLocalPort();
  }

  private void pump(Socket from, Socket to, boolean holdable)
      throws IOException, InterruptedException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (holdable) {
          awaitReleased();
        }
        out.write(buffer, 0, read);
      }
    }
  }

  private synchronized void awaitReleased() throws InterruptedException {
    while (held) {
      wait();
    }
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static void thread(Work work) {
    Thread thread = new Thread(() -> {
      try {
        work.run();
      } catch (IOException | InterruptedException e) {
        Thread.currentThread().interrupt(); // closed on one side
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws Exception {
    release();
    for (int i = made.size() - 1; i >= 0; i--) {
      made.get(i).close();
    }
    for (Socket placeholder : ports) {
      placeholder.close();
    }
  }
}
