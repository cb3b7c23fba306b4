package io.zookit.testkit;

import io.zookit.testkit.internal.host.Closing;
import io.zookit.testkit.internal.host.Poll;
import io.zookit.testkit.internal.host.PropertyScope;
import io.zookit.testkit.internal.server.EnsembleConfig;
import io.zookit.testkit.internal.server.ServerMode;
import io.zookit.testkit.internal.server.ServerRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;
import org.jspecify.annotations.Nullable;

/**
 * An ensemble of three servers in this JVM: starts quickly, and its servers can be stopped. To kill and freeze servers
 * use {@link ZkProcesses}.
 *
 * <p>The servers are numbered from 0; each keeps its ports and its data until the cluster is closed.
 *
 * <p><i>Threads:</i> all methods may be called from any thread, but one stop or restart of a server at a time.
 */
public final class ZkCluster implements AutoCloseable {

  private static final int SERVERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EnsembleConfig config;
  private final PropertyScope properties;
  private final AtomicReferenceArray<@Nullable ZooKeeperServerEmbedded> servers =
      new AtomicReferenceArray<>(SERVERS);

  private ZkCluster(EnsembleConfig config) {
    this.config = config;
    properties = PropertyScope.of(config.systemProperties());
  }

  /** Starts a cluster with the defaults and waits until all its servers serve clients. */
  public static ZkCluster start() {
    return start(Map.of());
  }

  /**
   * Starts a cluster and waits until all its servers serve clients.
   *
   * @param zooCfg lines of {@code zoo.cfg} that differ from the defaults; lines that ZooKeeper keeps as system
   *     properties are set in this JVM until the cluster is closed
   */
  public static ZkCluster start(Map<String, String> zooCfg) {
    ServerRun.loadServerClasses();
    ZkCluster cluster = new ZkCluster(EnsembleConfig.of(SERVERS, zooCfg));
    try {
      cluster.heal();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Returns the number of servers. */
  public int size() {
    return SERVERS;
  }

  /** Returns the connect string of all servers. */
  public String connectString() {
    return config.connectString();
  }

  /** The address of one server. */
  public String connectString(int server) {
    return config.clientPort(server).connectString();
  }

  /** Returns whether a server has been started and not stopped. */
  public boolean isRunning(int server) {
    return servers.get(config.requireServer(server)) != null;
  }

  /** The server that leads now; empty when none does. */
  public OptionalInt leader() {
    return all().filter(this::isRunning).filter(this::leads).findFirst();
  }

  /**
   * Waits for a leader.
   *
   * @return the server that leads; empty when there was none in time
   */
  public OptionalInt awaitLeader(Duration atMost) throws InterruptedException {
    return Poll.first(atMost, () -> leader().stream().boxed().findFirst())
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** Waits until every server that runs serves clients; false when that was not in time. */
  public boolean awaitServing(Duration atMost) throws InterruptedException {
    return Poll.until(atMost, () -> all().filter(this::isRunning).allMatch(this::serves));
  }

  /** Ends a server: connections break, connecting is refused, its data is kept. */
  public void stop(int server) {
    ZooKeeperServerEmbedded running = servers.getAndSet(config.requireServer(server), null);
    if (running != null) {
      running.close();
    }
  }

  /** Starts a server again with its old data, stopping it first if it runs; does not wait until it serves. */
  public void restart(int server) {
    stop(server);
    try {
      ZooKeeperServerEmbedded started = ZooKeeperServerEmbedded.builder()
          .baseDir(config.folder(server))
          .configuration(config.properties(server))
          .exitHandler(ExitHandler.LOG_ONLY)
          .build();
      started.start(PATIENCE.toMillis());
      servers.set(server, started);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting server " + server, e);
    } catch (Exception e) {
      throw new IllegalStateException("server " + server + " has not started", e);
    }
  }

  /** Starts every server that is stopped and waits until all serve. */
  public void heal() {
    all().filter(server -> !isRunning(server)).forEach(this::restart);
    Poll.require("cluster " + connectString(), PATIENCE, () -> all().allMatch(this::serves));
  }

  /** Ends all servers and deletes their data. */
  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      int server = i;
      all.add(() -> stop(server));
    }
    all.add(properties);
    all.add(config);
    Closing.all(all);
  }

  @Override
  public String toString() {
    return "ZkCluster " + connectString();
  }

  private static IntStream all() {
    return IntStream.range(0, SERVERS);
  }

  private boolean leads(int server) {
    return ServerMode.at(config.clientPort(server).number())
        .filter(ServerMode::leads)
        .isPresent();
  }

  private boolean serves(int server) {
    return ServerMode.at(config.clientPort(server).number()).isPresent();
  }
}
