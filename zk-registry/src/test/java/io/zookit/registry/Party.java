package io.zookit.registry;

import static org.awaitility.Awaitility.await;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.Sessions;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.ZooKeeper;

/** One process of a test: a client behind a proxy of its own, and its registry. */
final class Party implements AutoCloseable {

  static final Duration SESSION = Duration.ofSeconds(10);

  final FaultProxy proxy;
  final Recorded recorded = new Recorded();
  final ZkClient client;
  final ServiceRegistry registry;
  private final Expiry expiry;
  private final CuratorFramework curator;

  /** Ends a session on the server. */
  interface Expiry {
    void end(ZooKeeper client) throws InterruptedException;
  }

  Party(ZkServer server, String root) throws InterruptedException {
    this(server, root, Duration.ofMillis(100), Timekeeper.system());
  }

  Party(ZkServer server, String root, Duration grace, Timekeeper timekeeper)
      throws InterruptedException {
    this(
        FaultProxy.to(server),
        client -> server.expire(client.getSessionId()),
        root,
        grace,
        timekeeper);
  }

  /** One that connects to a server of an ensemble. */
  static Party at(String address, String root, Duration grace) throws InterruptedException {
    return new Party(
        FaultProxy.to(address),
        client -> Sessions.expireOnServer(client, address),
        root,
        grace,
        Timekeeper.system());
  }

  private Party(
      FaultProxy proxy, Expiry expiry, String root, Duration grace, Timekeeper timekeeper) {
    this.proxy = proxy;
    this.expiry = expiry;
    curator = CuratorFrameworkFactory.builder()
        .connectString(proxy.connectString())
        .sessionTimeoutMs((int) SESSION.toMillis())
        .connectionTimeoutMs(5_000)
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false)
        .build();
    client = ZkClient.owning(curator).root(root).timekeeper(timekeeper).connect();
    registry = ServiceRegistry.builder(client).observer(recorded).grace(grace).build();
  }

  /** One more client of the same session, as another library in this process may have. */
  ZkClient anotherClient() {
    return ZkClient.borrowing(curator).root(client.root()).connect();
  }

  ZooKeeper zooKeeper() {
    try {
      return curator.getZookeeperClient().getZooKeeper();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until everything that was sent before is answered. */
  void settle() {
    await().ignoreExceptions().until(() -> zooKeeper().exists("/", false) != null);
  }

  /** Ends the session on the server; the client learns of it by itself. */
  void expire() {
    try {
      expiry.end(zooKeeper());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the session on the server, and lets the client not know until it is connected again. */
  void expireBehindItsBack() {
    ZooKeeper client = zooKeeper();
    proxy.refuse();
    blip();
    try {
      expiry.end(client);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the session on the client; the server keeps it until its timeout. */
  void expireOnClient() {
    Sessions.expireOnClient(zooKeeper());
  }

  /** Breaks the connection once; the session lives on. */
  void blip() {
    proxy.cut();
  }

  /** The requests since the counters were last reset, without those the client makes about its session. */
  long requests() {
    PacketCounts counts = proxy.counts();
    return counts.total() - counts.requests(Op.SET_WATCHES2) - counts.requests(Op.SET_WATCHES);
  }

  @Override
  public void close() {
    proxy.heal();
    client.close();
    proxy.close();
  }
}
