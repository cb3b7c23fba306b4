package io.zookit.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers with default settings that the test classes of this JVM use one after another.
 *
 * <p>A server belongs to one class at a time and is handed out empty: no session, watch or node of its former users is
 * left. One that cannot be emptied is closed instead. The others are closed when the JVM ends.
 */
final class SharedServers {

  private static final Logger LOG = LoggerFactory.getLogger(SharedServers.class);
  private static final SharedServers OF_THIS_JVM = new SharedServers();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(OF_THIS_JVM::close, "zk-shared-servers"));
  }

  private final Deque<ZkServer> idle = new ArrayDeque<>();
  private final Set<ZkServer> open = new LinkedHashSet<>();

  private SharedServers() {}

  static SharedServers ofThisJvm() {
    return OF_THIS_JVM;
  }

  /** An empty, running server, until {@link #giveBack}. */
  ZkServer take() {
    for (ZkServer next = poll(); next != null; next = poll()) {
      if (next.clear()) {
        return next;
      }
      LOG.info("{} is not shared further: its former users left what cannot be removed", next);
      discard(next);
    }
    ZkServer started = ZkServer.start();
    synchronized (this) {
      open.add(started);
    }
    return started;
  }

  /** Ends the use of a server that {@link #take} returned. */
  void giveBack(ZkServer server) {
    if (!server.isRunning()) {
      discard(server);
      return;
    }
    synchronized (this) {
      idle.addLast(server);
    }
  }

  private synchronized @Nullable ZkServer poll() {
    return idle.pollLast();
  }

  private void discard(ZkServer server) {
    synchronized (this) {
      open.remove(server);
    }
    server.close();
  }

  private void close() {
    List<ZkServer> closing;
    synchronized (this) {
      closing = List.copyOf(open);
      open.clear();
      idle.clear();
    }
    closing.forEach(ZkServer::close);
  }
}
