package io.zookit.core.internal.client;

import io.zookit.core.Timekeeper;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.StaticHostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a client's handles try the servers: first those that answered, then all in the library's own
 * order.
 *
 * <p>The library shuffles the servers and gives each the session timeout divided by their number, so that one silent
 * host of three costs five seconds as often as it comes first. A server counts as one that answers once it answered the
 * {@link EnsembleProbe} or granted a session, and no longer once it was tried and did not answer; one that refuses at
 * once, as while it restarts, only goes behind the others, and so does the one that was connected last. When all that
 * answer were tried without effect, one is tried in the library's order, with its pause, before they are tried again.
 * This knowledge outlives the handles.
 *
 * <p><i>Threads:</i> any.
 */
final class ServerOrder implements ZookeeperFactory {

  /** The library itself waits up to a second between two tries. */
  private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Deque<InetSocketAddress> answering = new ArrayDeque<>();
  private final CountDownLatch known = new CountDownLatch(1);
  private final Timekeeper timekeeper;
  private final long timeoutMillis;

  /**
   * Creates an order without knowledge of any server.
   *
   * @param timekeeper tells a server that refuses from one that says nothing
   * @param timeoutMillis how long the first handle waits for {@link #learn}
   */
  ServerOrder(Timekeeper timekeeper, long timeoutMillis) {
    this.timekeeper = timekeeper;
    this.timeoutMillis = timeoutMillis;
  }

  /** Takes the servers that answered, best first, and lets the first handle go on. */
  void learn(List<InetSocketAddress> answered) {
    synchronized (answering) {
      answering.clear();
      answering.addAll(answered);
    }
    known.countDown();
  }

  /** Lets whatever waits for {@link #learn} go on. */
  void close() {
    known.countDown();
  }

  /** The servers that answer, in the order to try them. */
  List<InetSocketAddress> answering() {
    synchronized (answering) {
      return new ArrayList<>(answering);
    }
  }

  @Override
  public ZooKeeper newZooKeeper(
      String connectString, int sessionTimeout, Watcher watcher, boolean canBeReadOnly)
      throws Exception {
    return newZooKeeper(connectString, sessionTimeout, watcher, canBeReadOnly, null);
  }

  @Override
  public ZooKeeper newZooKeeper(
      String connectString,
      int sessionTimeout,
      Watcher watcher,
      boolean canBeReadOnly,
      @Nullable ZKClientConfig config)
      throws Exception {
    return new ZooKeeper(
        connectString, sessionTimeout, watcher, canBeReadOnly, servers(connectString), config);
  }

  /** Returns the servers of a connect string in this order, for one handle. */
  HostProvider servers(String connectString) {
    List<InetSocketAddress> all = new ConnectStringParser(connectString).getServerAddresses();
    retain(all);
    return over(new StaticHostProvider(all));
  }

  /** The order over the library's own, for one handle. */
  HostProvider over(HostProvider all) {
    return new AnsweringFirst(all);
  }

  private void awaitKnown() {
    try {
      if (!known.await(timeoutMillis, TimeUnit.MILLISECONDS)) {
        known.countDown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the library's thread is to end, and sees that by itself
    }
  }

  private void failed(InetSocketAddress server, boolean atOnce) {
    synchronized (answering) {
      if (answering.remove(server) && atOnce) {
        answering.addLast(server);
      }
    }
  }

  private void connected(InetSocketAddress server) {
    synchronized (answering) {
      answering.remove(server);
      answering.addLast(server);
    }
  }

  private void retain(Collection<InetSocketAddress> servers) {
    synchronized (answering) {
      answering.removeIf(known -> servers.stream().noneMatch(server -> isSame(server, known)));
    }
  }

  private static boolean isSame(InetSocketAddress named, InetSocketAddress resolved) {
    return named.getPort() == resolved.getPort()
        && named.getHostString().equals(resolved.getHostString());
  }

  /**
   * Provides the next server to one handle. The library calls it from one thread, except for a change of the servers.
   */
  private final class AnsweringFirst implements HostProvider {

    private final HostProvider all;
    private @Nullable Deque<InetSocketAddress> left;
    private @Nullable InetSocketAddress tried;
    private long since;

    AnsweringFirst(HostProvider all) {
      this.all = all;
    }

    @Override
    public int size() {
      return all.size();
    }

    @Override
    public InetSocketAddress next(long spinDelay) {
      awaitKnown();
      InetSocketAddress next = nextAnswering();
      if (next == null) {
        next = all.next(spinDelay);
      }
      return tried(next);
    }

    private synchronized @Nullable InetSocketAddress nextAnswering() {
      if (tried != null) {
        failed(tried, timekeeper.nanos() - since < QUICK_NANOS);
      }
      if (left == null) {
        left = new ArrayDeque<>(answering());
      }
      InetSocketAddress next = left.poll();
      if (next == null) {
        left = null;
      }
      return next;
    }

    private synchronized InetSocketAddress tried(InetSocketAddress server) {
      tried = server;
      since = timekeeper.nanos();
      return server;
    }

    @Override
    public synchronized void onConnected() {
      if (tried != null) {
        connected(tried);
      }
      tried = null;
      left = null;
      all.onConnected();
    }

    @Override
    public synchronized boolean updateServerList(
        Collection<InetSocketAddress> servers, InetSocketAddress current) {
      retain(servers);
      left = new ArrayDeque<>(); // the library decides which server to try next after a change
      return all.updateServerList(servers, current);
    }
  }
}
