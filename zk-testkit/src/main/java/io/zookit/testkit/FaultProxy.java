package io.zookit.testkit;

import io.zookit.core.Timekeeper;
import io.zookit.testkit.internal.proxy.ArmedFault;
import io.zookit.testkit.internal.proxy.ProxyConnection;
import io.zookit.testkit.internal.proxy.ProxyLoop;
import io.zookit.testkit.internal.proxy.ProxyRules;
import io.zookit.testkit.internal.proxy.Tally;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * A door between a client and one ZooKeeper server that counts what passes and breaks it at a chosen request.
 *
 * <p>It listens on a port of its own, which stays the same while the server restarts. It reads ZooKeeper's packets, so
 * a fault can be put exactly before or after the n-th request of a kind; a stream it cannot read (four-letter commands,
 * TLS) passes uncounted but for its bytes. Faults concern all connections through the proxy: give each client its own.
 * The heartbeats and reads that a client library makes on its own are requests too, so prefer faults at a kind of
 * request to faults at {@link Op#ANY}.
 *
 * <p><i>Order:</i> "from now" is the moment the arming method returns. When several faults wait for the same request,
 * the one armed first takes it and the others wait for the next.
 *
 * <p><i>Threads:</i> all methods may be called from any thread. One daemon thread a proxy.
 */
public final class FaultProxy implements AutoCloseable {

  private final ProxyRules rules = new ProxyRules();
  private final Tally tally = new Tally();
  private final ProxyLoop loop;

  private FaultProxy(InetSocketAddress target) {
    loop = ProxyLoop.start(target, rules, tally);
  }

  /** A proxy in front of a server in this JVM. */
  public static FaultProxy to(ZkServer server) {
    return to(server.connectString());
  }

  /**
   * A proxy in front of one server.
   *
   * @param address {@code host:port}
   */
  public static FaultProxy to(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 1 || address.indexOf(',') >= 0) {
      throw new IllegalArgumentException(
          "address: \"" + address + "\" (expected: host:port of one server)");
    }
    int port = Integer.parseInt(address.substring(colon + 1));
    InetSocketAddress target = new InetSocketAddress(address.substring(0, colon), port);
    if (target.isUnresolved()) {
      throw new IllegalArgumentException("address: \"" + address + "\" (expected: a known host)");
    }
    return new FaultProxy(target);
  }

  /** Returns the address that clients connect to. */
  public String connectString() {
    return "127.0.0.1:" + port();
  }

  /** The port, the same until the proxy is closed. */
  public int port() {
    return loop.port();
  }

  /** Returns the packets that passed since the start or the last {@link #resetCounters}; a request counts before it is answered. */
  public PacketCounts counts() {
    return tally.counts();
  }

  /** The same for each open connection, oldest first; these counters are never reset. */
  public List<PacketCounts> connections() {
    return loop.call(
        () -> loop.connections().stream().map(ProxyConnection::counts).toList());
  }

  /** Returns the number of requests of a kind, {@link Op#ANY} for all. */
  public long requests(Op op) {
    return counts().requests(op);
  }

  /** The requests in the order they came, without pings and connects; the last 65,536 of them. */
  public List<Op> recorded() {
    return tally.order();
  }

  /** Sets the counters of the proxy to zero and forgets the recorded requests. */
  public void resetCounters() {
    tally.reset();
  }

  /**
   * The n-th request of a kind from now does not reach the server, and its connection is closed.
   *
   * <p>What was sent before it on the connection is answered first.
   *
   * @param n 1 for the next
   */
  public Fault cutBefore(Op op, int n) {
    return arm(ArmedFault.Kind.CUT_BEFORE, op, n);
  }

  /**
   * The n-th request of a kind from now is handled by the server, its answer is swallowed, and its connection is closed.
   *
   * @param n 1 for the next
   */
  public Fault cutAfter(Op op, int n) {
    return arm(ArmedFault.Kind.CUT_AFTER, op, n);
  }

  /**
   * The n-th request of a kind from now is swallowed, and nothing passes its connection any more in either direction,
   * pings included; it stays open until {@link #heal} or {@link #cut}. New connections pass.
   *
   * @param n 1 for the next
   */
  public Fault blackHole(Op op, int n) {
    return arm(ArmedFault.Kind.BLACK_HOLE, op, n);
  }

  /**
   * From now on nothing passes, in either direction, on any connection. New connections are accepted and silent, too;
   * with {@link #refuse} they are closed instead.
   */
  public void blackHole() {
    run(() -> {
      rules.silence();
      loop.connections().forEach(ProxyConnection::silence);
    });
  }

  /** From now on new connections are closed at once; those that are open stay, see {@link #cut}. */
  public void refuse() {
    run(rules::refuse);
  }

  /** From now on each packet of a client reaches the server that much later; their order stays. */
  public void delayRequests(Duration delay) {
    long nanos = notNegative(delay);
    run(() -> rules.delayRequests(nanos));
  }

  /** From now on each packet of the server reaches the client that much later; their order stays. */
  public void delayReplies(Duration delay) {
    long nanos = notNegative(delay);
    run(() -> rules.delayReplies(nanos));
  }

  /**
   * Closes all open connections now; what was under way is lost.
   *
   * @return how many there were
   */
  public int cut() {
    return loop.call(() -> {
      int open =
          (int) loop.connections().stream().filter(each -> !each.isClosed()).count();
      loop.connections().forEach(ProxyConnection::close);
      return open;
    });
  }

  /**
   * Ends all faults: what is armed is disarmed, delays end, new connections pass. Connections that were silent are
   * closed with what they have swallowed.
   */
  public void heal() {
    run(() -> {
      rules.heal();
      long now = Timekeeper.system().nanos();
      loop.connections().forEach(each -> each.heal(now));
    });
  }

  /** Closes all connections and stops listening. */
  @Override
  public void close() {
    loop.close();
  }

  @Override
  public String toString() {
    return "FaultProxy " + connectString() + ": " + counts();
  }

  private Fault arm(ArmedFault.Kind kind, Op op, int n) {
    ArmedFault fault = new ArmedFault(kind, op, n);
    run(() -> rules.arm(fault));
    return new Fault(fault, () -> run(() -> rules.disarm(fault)));
  }

  private void run(Runnable task) {
    loop.call(() -> {
      task.run();
      return true;
    });
  }

  private static long notNegative(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: " + delay + " (expected: zero or more)");
    }
    return delay.toNanos();
  }
}
