package io.zookit.core.internal.session;

import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.Inside;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client library connects again, and its word of that never comes. */
@Timeout(240)
class MissedWordIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ManualTimekeeper time = new ManualTimekeeper();
  private FaultProxy proxy;
  private Inside inside;

  @BeforeEach
  void connect() {
    proxy = FaultProxy.to(zooKeeper.server());
    inside = Inside.connect(ZkClient.builder(proxy.connectString())
        .root(zooKeeper.freshRoot())
        .sessionTimeout(Duration.ofSeconds(20))
        .timekeeper(time));
  }

  @AfterEach
  void disconnect() {
    inside.close();
    proxy.close();
  }

  @Test
  void wordOfANewConnection_neverComes_isFoundOut() {
    WireHandle handle = inside.handle();
    inside.doOnLoop(handle::toDisconnected);
    time.advance(Duration.ofSeconds(5));
    await().until(handle::isConnected);
    await().until(() -> inside.client.session().state() == SessionState.CONNECTED);
  }
}
