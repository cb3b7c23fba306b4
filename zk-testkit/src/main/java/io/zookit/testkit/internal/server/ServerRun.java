package io.zookit.testkit.internal.server;

import io.zookit.testkit.ZkServer;
import io.zookit.testkit.internal.host.PropertyScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.ContainerManager;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.RequestProcessor;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/** ZooKeeper's own standalone server in this JVM, from its start to its shutdown. */
public final class ServerRun implements AutoCloseable {

  private static final int CONTAINER_CHECK_MILLIS = 60_000;
  private static final int CONTAINERS_A_MINUTE = 10_000;
  private static final int DEFAULT_BACKLOG = -1;

  static {
    keepUncaughtExceptionHandler();
  }

  private final FileTxnSnapLog files;
  private final NIOServerCnxnFactory connections;
  private final InnerServer server;
  private final ContainerManager containers;
  private final boolean plain;

  private ServerRun(
      FileTxnSnapLog files,
      NIOServerCnxnFactory connections,
      InnerServer server,
      ContainerManager containers,
      boolean plain) {
    this.plain = plain;
    this.files = files;
    this.connections = connections;
    this.server = server;
    this.containers = containers;
  }

  public static ServerRun start(InetSocketAddress address, Path data, ServerSettings settings)
      throws IOException, InterruptedException {
    boolean plain = !PropertyScope.isAnyPropertySet();
    String logs = settings.text("dataLogDir");
    Path log = logs.isEmpty() ? data : Path.of(logs);
    FileTxnSnapLog files = new FileTxnSnapLog(log.toFile(), data.toFile());
    NIOServerCnxnFactory connections =
        new InnerConnections(!settings.text("maxCnxns").isEmpty());
    try {
      connections.configure(address, settings.number("maxClientCnxns", 0), DEFAULT_BACKLOG, false);
      InnerServer server = new InnerServer(files, settings);
      files.setServerStats(server.serverStats());
      connections.startup(server);
      ContainerManager containers = new ContainerManager(
          server.getZKDatabase(),
          server.processors(),
          settings.number("znode.container.checkIntervalMs", CONTAINER_CHECK_MILLIS),
          CONTAINERS_A_MINUTE);
      containers.start();
      return new ServerRun(files, connections, server, containers, plain);
    } catch (IOException | InterruptedException | RuntimeException e) {
      connections.shutdown();
      files.close();
      throw e;
    }
  }

  /** Has ZooKeeper's server classes loaded without what they do to the JVM. */
  public static void loadServerClasses() {
    // The static initializer of this class does it.
  }

  public ZooKeeperServer server() {
    return server;
  }

  /** Removes what clients left, see {@link ZkServer#clear}. */
  public boolean clear() {
    return plain
        && ServerTree.isRootUntouched(server.getZKDatabase().getDataTree())
        && new ServerRemains(server, server.processors()).remove();
  }

  /** Ends the server and its connections; sessions and data stay on the disk. */
  @Override
  public void close() {
    containers.stop();
    connections.shutdown();
    server.shutdown(true);
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the data files were not closed", e);
    }
  }

  /** Loading ZooKeeper's connection factory replaces the handler of the whole JVM. */
  private static void keepUncaughtExceptionHandler() {
    UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    try {
      Class.forName(
          NIOServerCnxnFactory.class.getName(), true, NIOServerCnxnFactory.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  /** Does not warn that there is no limit of connections where none is wanted. */
  private static final class InnerConnections extends NIOServerCnxnFactory {

    private final boolean limited;

    InnerConnections(boolean limited) {
      this.limited = limited;
    }

    @Override
    protected void initMaxCnxns() {
      if (limited) {
        super.initMaxCnxns();
      }
    }
  }

  /** Shows the first request processor, which the container manager needs. */
  private static final class InnerServer extends ZooKeeperServer {

    InnerServer(FileTxnSnapLog files, ServerSettings settings) {
      super(
          files,
          settings.number("tickTime", ServerSettings.TICK_MILLIS),
          settings.number("minSessionTimeout", -1),
          settings.number("maxSessionTimeout", -1),
          DEFAULT_BACKLOG,
          null,
          "");
    }

    RequestProcessor processors() {
      return firstProcessor;
    }
  }
}
