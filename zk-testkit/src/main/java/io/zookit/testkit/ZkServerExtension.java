package io.zookit.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One {@link ZkServer} for all tests of a class, started when it is first asked for.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ZkServerExtension zk = new ZkServerExtension();
 *
 * @Test
 * void acquire_free_succeeds() {
 *   try (ZkClient client = ZkClient.to(zk.connectString()).root(zk.freshRoot()).connect()) { ... }
 * }
 * }</pre>
 *
 * <p>With {@code @ExtendWith(ZkServerExtension.class)} a test takes a {@code ZkServer} or the {@code
 * ZkServerExtension} as a parameter. A server that a test has stopped runs again before the next one.
 */
public final class ZkServerExtension extends PerClassExtension<ZkServer> {

  private static final Duration LEAK_PATIENCE = Duration.ofSeconds(2);

  private final Map<String, String> zooCfg;
  private volatile LeakCheck leakCheck = new LeakCheck(Usage.NONE, false);

  /** A server with the defaults. */
  public ZkServerExtension() {
    this(Map.of());
  }

  /** A server with settings of its own, see {@link ZkServer#start(Map)}. */
  public ZkServerExtension(Map<String, String> zooCfg) {
    super(ZkServer.class);
    this.zooCfg = Map.copyOf(zooCfg);
  }

  /** The server; starts it at the first call. */
  public ZkServer server() {
    return shared();
  }

  /** Where clients connect. */
  public String connectString() {
    return server().connectString();
  }

  /**
   * Asks for a check after the running test: when its clients are closed, the server has no ephemeral node, watch or
   * session more than before the test. What a server forgets within two seconds is no leak. Not for tests that
   * run side by side with others.
   */
  public void checkLeaks() {
    leakCheck = new LeakCheck(leakCheck.before, true);
  }

  @Override
  void begin() {
    leakCheck = new LeakCheck(sharedIfOpen().map(Usage::of).orElse(Usage.NONE), false);
  }

  @Override
  void check(ZkServer server) throws InterruptedException {
    if (leakCheck.wanted) {
      requireNoMore(server, leakCheck.before);
    }
  }

  @Override
  ZkServer open() {
    return ZkServer.start(zooCfg);
  }

  @Override
  void heal(ZkServer server) {
    if (!server.isRunning()) {
      server.restart();
    }
  }

  private static void requireNoMore(ZkServer server, Usage before) throws InterruptedException {
    if (!Poll.until(LEAK_PATIENCE, () -> Usage.of(server).isWithin(before))) {
      throw new AssertionError(
          "left on the server: " + Usage.of(server) + " (before the test: " + before + ")");
    }
  }

  private record LeakCheck(Usage before, boolean wanted) {}

  private record Usage(List<ZkNode> ephemerals, int watches, int sessions) {

    static final Usage NONE = new Usage(List.of(), 0, 0);

    static Usage of(ZkServer server) {
      List<ZkNode> ephemerals =
          server.nodes().stream().filter(ZkNode::ephemeral).toList();
      return new Usage(ephemerals, server.watchCount(), server.sessionCount());
    }

    boolean isWithin(Usage other) {
      return other.ephemerals.containsAll(ephemerals)
          && watches <= other.watches
          && sessions <= other.sessions;
    }
  }
}
