package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/** The end of a client, from wherever it is ended. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
@Isolated // looks at the threads and the output of the whole JVM
class CloseIT {

  /** A close has a few steps of two seconds at most. */
  private static final Duration BOUND = Duration.ofSeconds(15);

  private ZkServer server;

  @BeforeEach
  void start() {
    server = ZkServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void close_fiftyTimes_leavesNoThreadNoSessionNoWatch() throws Exception {
    LiveThreads.requireNoneLeftBy(() -> {
      List<Thread> users = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        users.add(new Thread(this::connectAndCloseTenTimes));
      }
      users.forEach(Thread::start);
      for (Thread user : users) {
        user.join();
      }
    });
    assertThat(server.sessionCount()).isZero();
    assertThat(server.watchCount()).isZero();
    assertThat(server.requests()).isGreaterThan(50 * 4);
  }

  private void connectAndCloseTenTimes() {
    for (int i = 0; i < 10; i++) {
      ZkClient client = connect();
      client.onSession(view -> {});
      client.close();
      client.close();
    }
  }

  @Test
  void close_severalThreadsAtOnce_endsInEach() throws Exception {
    ZkClient client = connect();
    List<CompletableFuture<Void>> closings = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      closings.add(CompletableFuture.runAsync(client::close));
    }
    for (CompletableFuture<Void> closing : closings) {
      inTime(closing);
    }
    await().until(() -> server.sessionCount() == 0);
  }

  @Test
  void close_interruptedThread_endsTheSessionAndKeepsTheInterrupt() {
    ZkClient client = connect();
    Thread.currentThread().interrupt();
    client.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.sessionCount()).isZero();
  }

  @Test
  void close_fromACallback_endsTheSession() throws Exception {
    LiveThreads.requireNoneLeftBy(() -> {
      ZkClient client = connect();
      CompletableFuture<Void> closed = new CompletableFuture<>();
      client.onSession(view -> {
        client.close();
        closed.complete(null);
      });
      inTime(closed);
      assertThat(server.sessionCount()).isZero();
    });
  }

  @Test
  void close_fromTheObserver_endsTheSession() throws Exception {
    LiveThreads.requireNoneLeftBy(() -> {
      CompletableFuture<ZkClient> made = new CompletableFuture<>();
      CompletableFuture<Void> closed = new CompletableFuture<>();
      ClientObserver observer = new ClientObserver() {
        @Override
        public void onSessionEstablished(Duration timeout) {
          made.join().close();
          closed.complete(null);
        }
      };
      made.complete(ZkClient.builder(server.connectString()).observer(observer).start());
      inTime(closed);
      assertThat(server.sessionCount()).isZero();
    });
  }

  @Test
  void close_onTheLoop_isBoundedAndEndsTheSession() throws Exception {
    LiveThreads.requireNoneLeftBy(() -> {
      ZkClient client = connect();
      Sessioned.doOnLoop(client, client::close);
      await().atMost(BOUND).until(() -> server.sessionCount() == 0);
    });
  }

  @Test
  @Tag("full")
  void close_callbackRunning_waitsForIt() throws Exception {
    ZkClient client = connect();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean finished = new AtomicBoolean();
    client.onSession(view -> {
      inside.countDown();
      awaitQuietly(goOn);
      finished.set(true);
    });
    inside.await();
    CompletableFuture<Boolean> closing = CompletableFuture.supplyAsync(() -> {
      client.close();
      return finished.get();
    });
    await().until(() -> client.session().state() == SessionState.LOST);
    goOn.countDown();
    assertThat(inTime(closing)).isTrue();
  }

  @Test
  @Tag("full")
  void close_callbackBlocksForEver_isBoundedAndEndsTheSession() throws Exception {
    ZkClient client = connect();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    client.onSession(view -> {
      inside.countDown();
      awaitQuietly(never);
    });
    inside.await();
    inTime(CompletableFuture.runAsync(client::close));
    assertThat(server.sessionCount()).isZero();
    never.countDown();
  }

  @Test
  @Tag("full")
  void close_silentConnection_isBoundedAndLeavesNoThread() throws Exception {
    try (FaultProxy proxy = FaultProxy.to(server)) {
      LiveThreads.requireNoneLeftBy(() -> {
        ZkClient client = ZkClient.builder(proxy.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .sessionTimeout(Duration.ofSeconds(60))
            .connect();
        proxy.blackHole();
        inTime(CompletableFuture.runAsync(client::close));
      });
    }
  }

  @Test
  @Tag("full")
  void close_serverGone_isBoundedAndLeavesNoThread() throws Exception {
    LiveThreads.requireNoneLeftBy(() -> {
      ZkClient connected = connect();
      server.stop();
      await().until(() -> connected.session().state() != SessionState.CONNECTED);
      ZkClient never = ZkClient.builder(server.connectString()).start();
      inTime(CompletableFuture.runAsync(connected::close));
      inTime(CompletableFuture.runAsync(never::close));
    });
  }

  @Test
  void close_othersWait_theirWaitsEnd() {
    server.stop();
    ZkClient client = ZkClient.builder(server.connectString()).start();
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
      try {
        client.awaitConnected(Duration.ofMinutes(10));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    client.close();
    assertThatThrownBy(() -> inTime(waiting))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void close_laterCalls_failAtOnceOrTellTheTruth() {
    ZkClient client = connect();
    client.close();
    assertThatThrownBy(() -> client.awaitConnected(Duration.ofMinutes(10)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(client + ": is closed");
    assertThatThrownBy(() -> client.raiseIncarnation(5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(client + ": is closed");
    assertThat(client.session().state()).isEqualTo(SessionState.LOST);
    List<SessionState> told = Collections.synchronizedList(new ArrayList<>());
    client.onSession(view -> told.add(view.state())).close();
    assertThat(told).doesNotContain(SessionState.CONNECTED);
  }

  @Test
  void close_owned_leavesNothingInMemory() {
    WeakReference<ZkClient> closed = connectAndClose();
    await().until(() -> {
      System.gc();
      return closed.get() == null;
    });
  }

  private WeakReference<ZkClient> connectAndClose() {
    ZkClient client = connect();
    client.onSession(view -> {});
    client.close();
    return new WeakReference<>(client);
  }

  private ZkClient connect() {
    return ZkClient.builder(server.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .connect();
  }

  private static <T> T inTime(CompletableFuture<T> end) throws Exception {
    return end.get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
