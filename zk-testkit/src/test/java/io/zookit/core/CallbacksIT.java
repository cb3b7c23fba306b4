package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The threads of callbacks, with every kind of executor. */
@Tag("full")
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class CallbacksIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final List<SessionState> states = Collections.synchronizedList(new ArrayList<>());
  private final List<String> threads = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService given =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "given-by-user"));
  private FaultProxy proxy;

  @BeforeEach
  void open() {
    proxy = FaultProxy.to(zooKeeper.server());
  }

  @AfterEach
  void close() {
    given.shutdownNow();
    proxy.close();
  }

  @Test
  void executor_given_runsAllCallbacksInOrder() {
    try (ZkClient client = connect(Optional.of(given))) {
      Reconnect.force(client, proxy);
      await().until(() -> states.size() == 3);
      assertThat(states)
          .containsExactly(SessionState.CONNECTED, SessionState.SUSPECT, SessionState.CONNECTED);
      assertThat(threads).containsOnly("given-by-user");
    }
    assertThat(given.isShutdown()).isFalse();
  }

  @Test
  @Tag("full")
  void executor_none_runsCallbacksOnThreadsOfTheClient() {
    try (ZkClient client = connect(Optional.empty())) {
      await().until(() -> states.size() == 1);
      assertThat(threads).allMatch(name -> name.startsWith("zookit-"));
      assertThat(client.session().state()).isEqualTo(SessionState.CONNECTED);
    }
  }

  @Test
  @Tag("full")
  void executor_runsWhatItIsGivenAtOnce_isNeverOnTheLoop() {
    CountDownLatch goOn = new CountDownLatch(1);
    try (ZkClient client = connect(Optional.of(Runnable::run))) {
      client.onSession(view -> awaitQuietly(goOn));
      Sessioned.of(client).roundTrip();
      Reconnect.force(client, proxy);
      await().until(() -> states.size() == 3);
      assertThat(threads).allMatch(name -> name.startsWith("zookit-"));
      goOn.countDown();
    }
  }

  @Test
  @Tag("full")
  void executor_rejectsEverything_callbacksRunOnThreadsOfTheClient() {
    Executor closed = task -> {
      throw new RejectedExecutionException("closed by its owner");
    };
    try (ZkClient client = connect(Optional.of(closed))) {
      Reconnect.force(client, proxy);
      await().until(() -> states.size() == 3);
      assertThat(threads).allMatch(name -> name.startsWith("zookit-"));
    }
  }

  @Test
  @Tag("full")
  void executor_isClosedMeanwhile_callbacksGoOn() {
    try (ZkClient client = connect(Optional.of(given))) {
      await().until(() -> states.size() == 1);
      given.shutdown();
      Reconnect.force(client, proxy);
      await().until(() -> states.size() == 3);
      assertThat(threads).startsWith("given-by-user").anyMatch(name -> name.startsWith("zookit-"));
    }
  }

  @Test
  @Tag("full")
  void executor_blocked_theClientGoesOnAndCallbacksFollowLater() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (ZkClient client = connect(Optional.of(given))) {
      await().until(() -> states.size() == 1);
      given.execute(() -> awaitQuietly(goOn));
      for (int i = 0; i < 300; i++) { // more than a thread takes over from others on the loop
        client.onSession(view -> {}).close();
      }
      assertThat(client.raiseIncarnation(0)).isEqualTo(2);
      Reconnect.force(client, proxy);
      assertThat(states).hasSize(1);
      goOn.countDown();
      // The session ended with the raise. The connection broke after the next session was there, or
      // before.
      await()
          .until(() -> states.contains(SessionState.LOST)
              && states.get(states.size() - 1) == SessionState.CONNECTED);
      assertThat(states)
          .startsWith(SessionState.CONNECTED, SessionState.SUSPECT)
          .endsWith(SessionState.CONNECTED);
    }
  }

  private ZkClient connect(Optional<Executor> executor) {
    ZkClientBuilder builder = ZkClient.builder(proxy.connectString()).root(zooKeeper.freshRoot());
    ZkClient client = executor.map(builder::executor).orElse(builder).connect();
    client.onSession(view -> {
      states.add(view.state());
      threads.add(Thread.currentThread().getName());
    });
    return client;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
