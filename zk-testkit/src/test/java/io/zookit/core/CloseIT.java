package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.internal.Sessioned;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** The end of a client, from wherever it is ended. */
@Timeout(60)
@Isolated // looks at the threads and the output of the whole JVM
class CloseIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  /** A close has a few steps of two seconds at most. */
  private static final Duration BOUND = Duration.ofSeconds(12);

  @Test
  void close_fiftyTimes_leavesNoThreadNoSessionNoWatch() throws Exception {
    LiveThreads threads = LiveThreads.fromNow();
    for (int i = 0; i < 50; i++) {
      ZkClient client = connect();
      client.onSession(view -> {});
      client.close();
      client.close();
      assertThat(zooKeeper.server().sessionCount()).isZero();
    }
    assertThat(zooKeeper.server().watchCount()).isZero();
    threads.requireNoneLeft();
  }

  @Test
  void close_severalThreadsAtOnce_endsInEach() throws Exception {
    ZkClient client = connect();
    List<CompletableFuture<Void>> closings = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      closings.add(CompletableFuture.runAsync(client::close));
    }
    for (CompletableFuture<Void> closing : closings) {
      closing.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }
    await().until(() -> zooKeeper.server().sessionCount() == 0);
  }

  @Test
  void close_interruptedThread_endsTheSessionAndKeepsTheInterrupt() {
    ZkClient client = connect();
    Thread.currentThread().interrupt();
    client.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(zooKeeper.server().sessionCount()).isZero();
  }

  @Test
  void close_fromACallback_endsTheSession() throws Exception {
    LiveThreads threads = LiveThreads.fromNow();
    ZkClient client = connect();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    client.onSession(view -> {
      client.close();
      closed.complete(null);
    });
    closed.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(zooKeeper.server().sessionCount()).isZero();
    threads.requireNoneLeft();
  }

  @Test
  void close_fromTheObserver_endsTheSession() throws Exception {
    LiveThreads threads = LiveThreads.fromNow();
    CompletableFuture<ZkClient> made = new CompletableFuture<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .root(zooKeeper.freshRoot())
        .observer(new ClientObserver() {
          @Override
          public void onSessionEstablished(Duration timeout) {
            made.join().close();
            closed.complete(null);
          }
        })
        .start();
    made.complete(client);
    closed.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(zooKeeper.server().sessionCount()).isZero();
    threads.requireNoneLeft();
  }

  @Test
  void close_onTheLoop_isBoundedAndEndsTheSession() {
    LiveThreads threads = LiveThreads.fromNow();
    ZkClient client = connect();
    Sessioned.doOnLoop(client, client::close);
    await().atMost(BOUND).until(() -> zooKeeper.server().sessionCount() == 0);
    threads.requireNoneLeft();
  }

  @Test
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
    assertThat(closing.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void close_callbackBlocksForEver_isBoundedAndEndsTheSession() throws Exception {
    ZkClient client = connect();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    client.onSession(view -> {
      inside.countDown();
      awaitQuietly(never);
    });
    inside.await();
    CompletableFuture.runAsync(client::close).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(zooKeeper.server().sessionCount()).isZero();
    never.countDown();
  }

  @Test
  void close_silentConnection_isBoundedAndLeavesNoThread() throws Exception {
    LiveThreads threads = LiveThreads.fromNow();
    try (ZkServer server = ZkServer.start();
        FaultProxy proxy = FaultProxy.to(server)) {
      ZkClient client = ZkClient.builder(proxy.connectString())
          .sessionTimeout(Duration.ofSeconds(60))
          .connect();
      proxy.blackHole();
      CompletableFuture.runAsync(client::close).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }
    threads.requireNoneLeft();
  }

  @Test
  void close_serverGone_isBoundedAndLeavesNoThread() throws Exception {
    LiveThreads threads = LiveThreads.fromNow();
    try (ZkServer server = ZkServer.start()) {
      ZkClient connected = ZkClient.connect(server.connectString());
      server.stop();
      await().until(() -> connected.session().state() != SessionState.CONNECTED);
      ZkClient never = ZkClient.builder(server.connectString()).start();
      CompletableFuture.runAsync(connected::close).get(BOUND.toSeconds(), TimeUnit.SECONDS);
      CompletableFuture.runAsync(never::close).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }
    threads.requireNoneLeft();
  }

  @Test
  void close_othersWait_theirWaitsEnd() throws Exception {
    try (ZkServer server = ZkServer.start()) {
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
      assertThatThrownBy(() -> waiting.get(BOUND.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is closed");
    }
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

  private static WeakReference<ZkClient> connectAndClose() {
    ZkClient client = connect();
    client.onSession(view -> {});
    client.close();
    return new WeakReference<>(client);
  }

  private static ZkClient connect() {
    return ZkClient.builder(zooKeeper.connectString())
        .root(zooKeeper.freshRoot())
        .connect();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
