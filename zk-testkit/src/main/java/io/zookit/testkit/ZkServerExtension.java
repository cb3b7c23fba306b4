package io.zookit.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

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
public final class ZkServerExtension
    implements BeforeAllCallback,
        AfterAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        ParameterResolver {

  private static final AtomicInteger ROOTS = new AtomicInteger();
  private static final Duration LEAK_PATIENCE = Duration.ofSeconds(2);

  private final Map<String, String> zooCfg;
  private @Nullable ZkServer server;
  private int openClasses;
  private String testName = "";
  private Usage before = Usage.NONE;
  private boolean checkLeaks;

  /** A server with the defaults. */
  public ZkServerExtension() {
    this(Map.of());
  }

  /** A server with settings of its own, see {@link ZkServer#start(Map)}. */
  public ZkServerExtension(Map<String, String> zooCfg) {
    this.zooCfg = Map.copyOf(zooCfg);
  }

  /** The server; starts it at the first call. */
  public synchronized ZkServer server() {
    if (server == null) {
      server = ZkServer.start(zooCfg);
    }
    return server;
  }

  /** Where clients connect. */
  public String connectString() {
    return server().connectString();
  }

  /** A path of one element that no other test has been given; it is not created. */
  public synchronized String freshRoot() {
    return "/t-" + ROOTS.incrementAndGet() + testName;
  }

  /**
   * Asks for a check after the running test: when its clients are closed, the server has no ephemeral node, watch or
   * session more than before the test. What a server forgets within two seconds is no leak. Not for tests that
   * run side by side with others.
   */
  public synchronized void checkLeaks() {
    checkLeaks = true;
  }

  @Override
  public synchronized void beforeAll(ExtensionContext context) {
    openClasses++;
  }

  @Override
  public synchronized void afterAll(ExtensionContext context) {
    openClasses--;
    closeIfUnused();
  }

  @Override
  public synchronized void beforeEach(ExtensionContext context) {
    testName =
        context.getTestMethod().map(method -> "-" + nodeName(method.getName())).orElse("");
    before = server == null ? Usage.NONE : Usage.of(server);
    checkLeaks = false;
  }

  @Override
  public synchronized void afterEach(ExtensionContext context) throws InterruptedException {
    try {
      if (server != null && !server.isRunning()) {
        server.restart();
      }
      if (server != null && checkLeaks) {
        requireNoMore(server, before);
      }
    } finally {
      testName = "";
      closeIfUnused();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == ZkServer.class || type == ZkServerExtension.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ZkServer.class ? server() : this;
  }

  private void closeIfUnused() {
    if (openClasses == 0 && server != null) {
      server.close();
      server = null;
    }
  }

  private static void requireNoMore(ZkServer server, Usage before) throws InterruptedException {
    if (!Poll.until(LEAK_PATIENCE, () -> Usage.of(server).isWithin(before))) {
      throw new AssertionError(
          "left on the server: " + Usage.of(server) + " (before the test: " + before + ")");
    }
  }

  private static String nodeName(String method) {
    String name = method.replaceAll("[^A-Za-z0-9._-]", "_");
    return name.substring(0, Math.min(name.length(), 60));
  }

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
