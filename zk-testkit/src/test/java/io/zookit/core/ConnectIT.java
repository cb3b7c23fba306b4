package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/** Connecting, or not. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
@Isolated // looks at the threads and the output of the whole JVM
class ConnectIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration PATIENCE = Duration.ofMillis(700);

  /** The time that a failed connect may take beyond its limit, on a busy machine. */
  private static final Duration SLACK = Duration.ofSeconds(4);

  @Test
  void connect_closedPort_failsInTimeNamingAddressAndCause() throws Exception {
    int port = closedPort();
    assertFailsInTime("127.0.0.1:" + port)
        .hasMessageStartingWith("no ZooKeeper session within 700 ms: 127.0.0.1:" + port + " (")
        .hasMessageContaining("refused")
        .hasMessageEndingWith("nothing was changed");
  }

  @Test
  @Tag("full")
  void connect_portThatAcceptsAndIsSilent_failsInTimeNamingIt() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertFailsInTime("127.0.0.1:" + silent.getLocalPort())
          .hasMessageContaining("127.0.0.1:" + silent.getLocalPort()
              + " (the port is open but no ZooKeeper server answers)");
    }
  }

  @Test
  void connect_unknownHost_failsInTimeNamingIt() throws Exception {
    assertFailsInTime("no-such-host.invalid:2181")
        .hasMessageContaining("no-such-host.invalid:2181 (unknown host)");
  }

  @Test
  @Tag("full")
  void connect_severalAddresses_namesEachWithItsCause() throws Exception {
    int closed = closedPort();
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String open = "127.0.0.1:" + silent.getLocalPort();
      assertFailsInTime("127.0.0.1:" + closed + "," + open + ",no-such-host.invalid")
          .hasMessageContaining("127.0.0.1:" + closed + " (Connection refused)")
          .hasMessageContaining(open + " (the port is open")
          .hasMessageContaining("no-such-host.invalid:2181 (unknown host)");
    }
  }

  @Test
  void connect_oneOfSeveralAddressesIsThere_connects() throws Exception {
    String both = "127.0.0.1:" + closedPort() + "," + zooKeeper.connectString();
    try (ZkClient client = ZkClient.builder(both).root(zooKeeper.freshRoot()).connect()) {
      assertThat(client.session().state()).isEqualTo(SessionState.CONNECTED);
    }
  }

  /** With a session of a minute the library would stay with a silent server for 20 s, longer than the connect may take. */
  @Test
  @Tag("full")
  void connect_twoOfThreeServersSilent_connectsEachTime() throws Exception {
    try (ServerSocket one = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ZkClientBuilder builder = amongSilent(one, two);
      for (int i = 0; i < 6; i++) {
        try (ZkClient client = builder.connect()) {
          assertThat(client.session().state()).isEqualTo(SessionState.CONNECTED);
        }
      }
    }
  }

  @Test
  @Tag("full")
  void start_twoOfThreeServersSilent_connectsEachTime() throws Exception {
    try (ServerSocket one = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ZkClientBuilder builder = amongSilent(one, two);
      for (int i = 0; i < 6; i++) {
        try (ZkClient client = builder.start()) {
          client.awaitConnected(Duration.ofSeconds(19));
        }
      }
    }
  }

  private static ZkClientBuilder amongSilent(ServerSocket one, ServerSocket two) {
    return ZkClient.builder("127.0.0.1:" + one.getLocalPort() + "," + zooKeeper.connectString()
            + ",127.0.0.1:" + two.getLocalPort())
        .root(zooKeeper.freshRoot())
        .sessionTimeout(Duration.ofSeconds(60))
        .connectTimeout(Duration.ofSeconds(19));
  }

  @Test
  void connect_serverWithAKnownFlaw_isRefusedWithItsVersionAndNothingLeft() throws Exception {
    try (ServerSocket flawed = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      answerVersion(flawed, "3.8.4");
      String both = "127.0.0.1:" + closedPort() + ",127.0.0.1:" + flawed.getLocalPort();
      LiveThreads.requireNoneLeftBy(() -> assertThatThrownBy(() -> ZkClient.connect(both))
          .isInstanceOf(UnsupportedServerException.class)
          .hasMessageStartingWith("127.0.0.1:" + flawed.getLocalPort()
              + ": ZooKeeper 3.8.4 may lose acknowledged writes (ZOOKEEPER-4785, fixed in 3.8.5")
          .hasMessageContaining("acceptServerVersion(\"3.8.4\")"));
    }
  }

  @Test
  void connect_serverWithAKnownFlawThatIsVouchedFor_isTried() throws Exception {
    try (ServerSocket flawed = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      answerVersion(flawed, "3.8.4");
      assertThatThrownBy(() -> ZkClient.builder("127.0.0.1:" + flawed.getLocalPort())
              .acceptServerVersion("3.8.4")
              .connectTimeout(PATIENCE)
              .connect())
          .isInstanceOf(ZkUnavailableException.class)
          .hasMessageContaining("the server answers but gave no session");
    }
  }

  @Test
  void connect_chrootThatIsNotThere_saysSo() {
    assertThatThrownBy(() -> ZkClient.connect(zooKeeper.connectString() + "/no/such/chroot"))
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("/zookit/~incarnation")
        .hasMessageContaining("is the chroot /no/such/chroot there?");
  }

  @Test
  void connect_interrupted_endsAtOnceStillInterruptedAndNothingLeft() throws Exception {
    int port = closedPort();
    LiveThreads.requireNoneLeftBy(() -> {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread caller = new Thread(() -> {
        try {
          ZkClient.builder("127.0.0.1:" + port).connect().close();
        } catch (RuntimeException e) {
          interrupted.complete(Thread.currentThread().isInterrupted());
          failure.complete(e);
        }
      });
      caller.start();
      await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
      caller.interrupt();
      assertThat(failure.get(8, TimeUnit.SECONDS))
          .isInstanceOf(ZkUnavailableException.class)
          .hasMessageContaining("interrupted");
      assertThat(interrupted).isCompletedWithValue(true);
    });
  }

  @Test
  void connect_executorOfUserIsBlocked_connectsAllTheSame() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    CountDownLatch open = new CountDownLatch(1);
    one.execute(() -> awaitQuietly(open));
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .root(zooKeeper.freshRoot())
        .executor(one)
        .connect()) {
      assertThat(client.session().state()).isEqualTo(SessionState.CONNECTED);
      assertThat(client.raiseIncarnation(7)).isEqualTo(7);
      open.countDown();
    } finally {
      one.shutdownNow();
    }
  }

  @Test
  void start_serverNotUpYet_connectsWhenItIs() throws Exception {
    try (ZkServer late = ZkServer.start()) {
      late.stop();
      try (ZkClient client = ZkClient.builder(late.connectString()).start()) {
        requireNotConnected(client);
        late.restart();
        client.awaitConnected(Duration.ofSeconds(20));
        assertThat(client.incarnation()).isEqualTo(1);
        assertThat(client.session().state()).isEqualTo(SessionState.CONNECTED);
      }
    }
  }

  private static void requireNotConnected(ZkClient client) {
    assertThat(client.session())
        .isEqualTo(new SessionView(SessionState.LOST, Duration.ZERO, Duration.ZERO));
    assertThatThrownBy(client::incarnation)
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("nothing was sent");
    assertThatThrownBy(() -> client.raiseIncarnation(1))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("nothing was sent");
    assertThatThrownBy(() -> client.awaitConnected(Duration.ofMillis(50)))
        .isInstanceOf(ZkTimeoutException.class);
  }

  @Test
  void awaitConnected_badTimeouts_areRefusedOrTaken() throws Exception {
    try (ZkClient client =
        ZkClient.builder(zooKeeper.connectString()).root(zooKeeper.freshRoot()).connect()) {
      assertThatThrownBy(() -> client.awaitConnected(Duration.ofMillis(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("timeout: PT-0.001S (expected: zero or more)");
      client.awaitConnected(Duration.ZERO);
      client.awaitConnected(Duration.ofSeconds(Long.MAX_VALUE));
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFailsInTime(
      String connectString) throws Exception {
    List<AbstractThrowableAssert<?, ? extends Throwable>> failure = new ArrayList<>();
    LiveThreads.requireNoneLeftBy(() -> {
      long start = System.nanoTime();
      failure.add(assertThatThrownBy(() -> ZkClient.builder(connectString)
              .allowUnauthenticated()
              .connectTimeout(PATIENCE)
              .connect())
          .isInstanceOf(ZkUnavailableException.class));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.plus(SLACK));
    });
    return failure.get(0);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void answerVersion(ServerSocket server, String version) {
    Thread thread = new Thread(() -> {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          socket.getInputStream().readNBytes(4);
          String answer = "Zookeeper version: " + version + "-x, built on 2020\n";
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
          assertThat(e).hasMessageMatching("(?i).*(closed|reset|broken pipe).*");
        }
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
