package io.zookit.testkit;

import io.zookit.testkit.internal.host.Poll;
import io.zookit.testkit.internal.host.PropertyScope;
import io.zookit.testkit.internal.host.ReservedPort;
import io.zookit.testkit.internal.host.TempFolder;
import io.zookit.testkit.internal.server.ServerRun;
import io.zookit.testkit.internal.server.ServerSettings;
import io.zookit.testkit.internal.server.ServerTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.jspecify.annotations.Nullable;

/**
 * One ZooKeeper server in this JVM, on a port of its own that it keeps until it is closed.
 *
 * <p>The settings are lines of a {@code zoo.cfg}. The defaults are a {@code tickTime} of 500 ms, sessions between two
 * ticks and five minutes, and a temporary folder for the data. Lines that ZooKeeper reads from system properties
 * ({@code enforce.auth.enabled}, {@code authProvider.1}, {@code extendedTypesEnabled}, ...) are set as {@code
 * zookeeper.NAME} for the whole JVM until the server is closed; some of them ZooKeeper reads only once in a JVM.
 *
 * <p><i>Failure:</i> the server never ends the JVM and leaves the JVM's handler of uncaught exceptions alone.
 */
public final class ZkServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ServerSettings settings;
  private final PropertyScope properties;
  private final ReservedPort port;
  private final @Nullable TempFolder temporary;
  private final Path data;
  private final ReentrantLock transitions = new ReentrantLock();
  private volatile State state = new State.Stopped();

  private ZkServer(ServerSettings settings, ReservedPort port) {
    this.settings = settings;
    this.port = port;
    String folder = settings.text("dataDir");
    temporary = folder.isEmpty() ? TempFolder.named("zk-server-") : null;
    data = temporary == null ? Path.of(folder) : temporary.path();
    properties = PropertyScope.of(settings.systemProperties());
  }

  /** Starts a server with the defaults. */
  public static ZkServer start() {
    return start(Map.of());
  }

  /**
   * Starts a server.
   *
   * @param zooCfg lines that differ from the defaults; {@code clientPort} 0 or missing for any, {@code
   *     clientPortAddress} missing for 127.0.0.1 and {@code 0.0.0.0} for all addresses of this machine, {@code dataDir}
   *     missing for a temporary one, {@code dataLogDir} missing for the same
   * @throws IllegalArgumentException if a number or the address is none, or there is a {@code secureClientPort}
   * @throws UncheckedIOException if the port is taken, the address is not of this machine, or the folder cannot be written
   */
  public static ZkServer start(Map<String, String> zooCfg) {
    ServerSettings settings = ServerSettings.of(zooCfg).requireOnePort();
    ZkServer server = new ZkServer(settings, reserve(settings));
    try {
      server.restart();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Returns the address that clients connect to. */
  public String connectString() {
    return port.connectString();
  }

  /** The port, the same over all restarts. */
  public int port() {
    return port.number();
  }

  /** The folder of the data; of the snapshots only, if there is a {@code dataLogDir}. */
  public Path dataDir() {
    return data;
  }

  /** Returns whether clients can connect. */
  public boolean isRunning() {
    return state instanceof State.Running;
  }

  /** Ends the server as a crash would: connections break, connecting is refused, data and sessions are kept. */
  public void stop() {
    transitions.lock();
    try {
      if (state instanceof State.Running running) {
        state = new State.Stopped();
        running.run().close();
      }
    } finally {
      transitions.unlock();
    }
  }

  /** Starts the server again on the same port with the same data; a running one is stopped first. */
  public void restart() {
    transitions.lock();
    try {
      if (state instanceof State.Closed) {
        throw new IllegalStateException("server " + connectString() + " is closed");
      }
      stop();
      state = new State.Running(ServerRun.start(port.address(), data, settings));
    } catch (IOException e) {
      throw new UncheckedIOException("no server on " + connectString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting " + connectString(), e);
    } finally {
      transitions.unlock();
    }
  }

  /**
   * Ends a session at once on the server; returns when its ephemeral nodes are gone.
   *
   * <p>The client learns of it when it connects again.
   */
  public void expire(long sessionId) {
    ZooKeeperServer server = running();
    server.expire(sessionId);
    Poll.require(
        "end of the session",
        PATIENCE,
        () -> !server.getZKDatabase().getSessionWithTimeOuts().containsKey(sessionId)
            && server.getZKDatabase().getDataTree().getEphemerals(sessionId).isEmpty());
  }

  /** All nodes but ZooKeeper's own, sorted by path. */
  public List<ZkNode> nodes() {
    return nodes("/");
  }

  /** The nodes below a path, sorted by path, without the path itself and ZooKeeper's own; none if it is not there. */
  public List<ZkNode> nodes(String path) {
    return ServerTree.below(path, running().getZKDatabase().getDataTree());
  }

  /** The watches of all clients. */
  public int watchCount() {
    return running().getZKDatabase().getDataTree().getWatchCount();
  }

  /** The sessions that are alive. */
  public int sessionCount() {
    return Math.toIntExact(running().getZKDatabase().getSessionCount());
  }

  /** The packets received since the last start: requests, pings and connects of all clients. */
  public long requests() {
    return running().serverStats().getPacketsReceived();
  }

  /**
   * Sets the next number of a sequential child of a node, as if that number of children had been created and deleted.
   *
   * <p>The change is made in memory and lost by {@link #stop}. The node must not be written to meanwhile.
   *
   * @param path a node
   * @param next greater than the present number
   */
  public void setSequence(String path, int next) {
    ServerTree.setSequence(path, next, running().getZKDatabase().getDataTree());
  }

  /**
   * Sets the version of a node's data, as if it had been written that number of times.
   *
   * <p>The change is made in memory and lost by {@link #stop}. The node must not be written to meanwhile.
   *
   * @param path a node
   */
  public void setVersion(String path, int version) {
    ServerTree.setVersion(path, version, running().getZKDatabase().getDataTree());
  }

  /**
   * Ends all sessions and removes all nodes, for a next user.
   *
   * @return whether the server is as after its first start: running with the JVM's own properties, without a session, a
   *     watch or a node, and with an untouched root
   */
  boolean clear() {
    return state instanceof State.Running running && running.run().clear();
  }

  /** Ends the server and deletes its data, unless the folder was given; a {@code dataLogDir} stays. */
  @Override
  public void close() {
    transitions.lock();
    try {
      if (state instanceof State.Closed) {
        return;
      }
      stop();
      state = new State.Closed();
      port.close();
      properties.close();
      if (temporary != null) {
        temporary.close();
      }
    } finally {
      transitions.unlock();
    }
  }

  @Override
  public String toString() {
    return "ZkServer " + connectString();
  }

  private ZooKeeperServer running() {
    if (state instanceof State.Running running) {
      return running.run().server();
    }
    throw new IllegalStateException("server " + connectString() + " is not running");
  }

  private static ReservedPort reserve(ServerSettings settings) {
    int number = settings.number("clientPort", 0);
    String host = settings.text("clientPortAddress").strip();
    try {
      return host.isEmpty()
          ? ReservedPort.of(number)
          : ReservedPort.of(InetAddress.getByName(host), number);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "clientPortAddress: \"" + host + "\" (expected: an address of this machine)", e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          host.isEmpty()
              ? "port " + number + " is taken"
              : host + ": port " + number + " cannot be bound",
          e);
    }
  }

  private sealed interface State {
    record Running(ServerRun run) implements State {}

    record Stopped() implements State {}

    record Closed() implements State {}
  }
}
