package io.zookit.testkit.internal.proxy;

import io.zookit.core.Timekeeper;
import io.zookit.testkit.internal.host.ReservedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a proxy: it accepts, reads, writes, and carries out what tests ask for in between. */
public final class ProxyLoop {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyLoop.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private final InetSocketAddress target;
  private final ProxyRules rules;
  private final Tally tally;
  private final Selector selector;
  private final ServerSocketChannel listener;
  private final int port;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<ProxyConnection> connections = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private volatile boolean closing;

  private ProxyLoop(InetSocketAddress target, ProxyRules rules, Tally tally) throws IOException {
    this.target = target;
    this.rules = rules;
    this.tally = tally;
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(ReservedPort.loopback(), 0));
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    port = listener.socket().getLocalPort();
    thread = new Thread(this::run, "zookit-proxy-" + port);
    thread.setDaemon(true);
  }

  public static ProxyLoop start(InetSocketAddress target, ProxyRules rules, Tally tally) {
    try {
      ProxyLoop loop = new ProxyLoop(target, rules, tally);
      loop.thread.start();
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException("no proxy in front of " + target, e);
    }
  }

  public int port() {
    return port;
  }

  /** The connections of the moment. Only for tasks. */
  public List<ProxyConnection> connections() {
    return connections;
  }

  /** Has the loop do something and waits for it. */
  public <T> T call(Supplier<T> task) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    tasks.add(() -> answer.complete(task.get()));
    selector.wakeup();
    if (closing) {
      answer.cancel(false);
    }
    try {
      return answer.join();
    } catch (CancellationException e) {
      throw new IllegalStateException("the proxy in front of " + target + " is closed", e);
    }
  }

  /** Drops all connections and ends the thread. */
  public void close() {
    closing = true;
    selector.wakeup();
    ended.join();
  }

  private void run() {
    try {
      while (!closing) {
        turn();
      }
    } catch (IOException e) {
      LOG.error("proxy in front of {} has failed", target, e);
    } finally {
      closing = true;
      connections.forEach(ProxyConnection::close);
      release();
      runTasks();
      ended.complete(null);
    }
  }

  private void turn() throws IOException {
    selector.select(millisUntilDue());
    runTasks();
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.attachment() instanceof ProxyConnection connection) {
        guard(connection, now -> connection.ready(key, buffer, now));
      } else if (key.isValid() && key.isAcceptable()) {
        accept();
      }
    }
    selector.selectedKeys().clear();
    connections.forEach(connection -> guard(connection, connection::progress));
    connections.removeIf(ProxyConnection::isClosed);
  }

  private void accept() throws IOException {
    SocketChannel client = listener.accept();
    if (client == null) {
      return;
    }
    if (rules.isRefusing()) {
      client.close();
      return;
    }
    try {
      connections.add(ProxyConnection.open(client, target, selector, rules, tally));
    } catch (IOException e) {
      LOG.debug("no connection to {}", target, e);
    }
  }

  /** An error of one connection ends that connection, as it would without a proxy. */
  private static void guard(ProxyConnection connection, Step step) {
    try {
      step.run(Timekeeper.system().nanos());
    } catch (IOException e) {
      LOG.debug("connection has ended", e);
      connection.close();
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** For the selector: 0 waits until something comes. */
  private long millisUntilDue() {
    long now = Timekeeper.system().nanos();
    long nanos = Long.MAX_VALUE;
    for (ProxyConnection connection : connections) {
      nanos = Math.min(nanos, connection.untilDue(now));
    }
    return nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
  }

  private void release() {
    try {
      listener.close();
      selector.close();
    } catch (IOException e) {
      LOG.warn("proxy in front of {} has left something open", target, e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run(long now) throws IOException;
  }
}
