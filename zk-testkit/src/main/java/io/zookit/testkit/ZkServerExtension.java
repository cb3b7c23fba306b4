package io.zookit.testkit;

import io.zookit.testkit.internal.host.Poll;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One {@link ZkServer} for all tests of a class, provided when it is first asked for.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ZkServerExtension zk = new ZkServerExtension();
 *
 * @Test
 * void acquire_free_succeeds() {
 *   try (ZkClient client = ZkClient.builder(zk.connectString()).root(zk.freshRoot()).connect()) { ... }
 * }
 * }</pre>
 *
 * <p>With {@code @ExtendWith(ZkServerExtension.class)} a test takes a {@code ZkServer} or the {@code
 * ZkServerExtension} as a parameter. A server that a test has stopped runs again before the next one.
 *
 * <p>Unless a class asks for its {@linkplain #own() own} server, it may get one that an earlier class of this JVM has
 * used. No two classes use a server at the same time, and it is empty at first: the sessions, watches and nodes of the
 * earlier class have been removed. Its counters, transaction ids and files continue from there. It is closed, and its
 * folder deleted, when the JVM ends.
 */
public final class ZkServerExtension extends PerClassExtension<ZkServer> {

  private static final Duration LEAK_PATIENCE = Duration.ofSeconds(2);

  private final Optional<Map<String, String>> own;
  private volatile LeakCheck leakCheck = new LeakCheck(Usage.NONE, false);

  /** A server with the defaults, which classes of tests use one after another. */
  public ZkServerExtension() {
    this(Optional.empty());
  }

  /**
   * A server of this class alone, closed after it, with settings of its own.
   *
   * @param zooCfg see {@link ZkServer#start(Map)}; empty for the defaults
   */
  public ZkServerExtension(Map<String, String> zooCfg) {
    this(Optional.of(Map.copyOf(zooCfg)));
  }

  private ZkServerExtension(Optional<Map<String, String>> own) {
    super(ZkServer.class);
    this.own = own;
  }

  /**
   * A server with the defaults of this class alone, closed after it. For tests that change the server's files, or that
   * depend on a server that nothing has used before.
   */
  public static ZkServerExtension own() {
    return new ZkServerExtension(Map.of());
  }

  /** The server; provided at the first call. */
  public ZkServer server() {
    return shared();
  }

  /** Returns the address that clients connect to. */
  public String connectString() {
    return server().connectString();
  }

  /**
   * Asks for a check after the running test: when its clients are closed, the server has no ephemeral node, watch or
   * session more than before the test. State that a server forgets within two seconds is not counted. Not for tests that
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
    return own.map(ZkServer::start).orElseGet(() -> SharedServers.ofThisJvm().take());
  }

  @Override
  void heal(ZkServer server) {
    if (!server.isRunning()) {
      server.restart();
    }
  }

  @Override
  void release(ZkServer server) {
    if (own.isPresent()) {
      server.close();
    } else {
      SharedServers.ofThisJvm().giveBack(server);
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
