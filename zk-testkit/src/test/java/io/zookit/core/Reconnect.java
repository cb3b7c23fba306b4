package io.zookit.core;

import static org.awaitility.Awaitility.await;

import io.zookit.testkit.FaultProxy;
import java.time.Duration;

/** A connection that breaks and comes back. */
public final class Reconnect {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Reconnect() {}

  /** Breaks the connection and returns when the client is connected again; in between it has certainly noticed. */
  public static void force(ZkClient client, FaultProxy proxy) {
    breakOff(client, proxy);
    proxy.heal();
    await().atMost(PATIENCE).until(() -> client.session().state() == SessionState.CONNECTED);
  }

  /** Breaks the connection and refuses others until the proxy is healed; returns when the client has noticed. */
  public static void breakOff(ZkClient client, FaultProxy proxy) {
    proxy.refuse();
    proxy.cut();
    await().atMost(PATIENCE).until(() -> client.session().state() != SessionState.CONNECTED);
  }
}
