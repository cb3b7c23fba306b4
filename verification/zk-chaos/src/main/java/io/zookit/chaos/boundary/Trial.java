package io.zookit.chaos.boundary;

import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One use of a recipe, under a root of its own, by a client whose connection breaks at one request. Before and after
 * it, another client with an unbroken connection uses the recipe.
 */
final class Trial {

  static final Duration SESSION = Duration.ofSeconds(4);

  /** Deadline that a use is given. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A use that has not ended by then has missed its deadline. */
  static final Duration LATEST = PATIENCE.plusSeconds(5);

  /** After this long with a connection nothing of a use is left. */
  static final Duration GONE = Duration.ofSeconds(2);

  private static final Duration AFTERWARDS = Duration.ofMillis(500);

  private final CutPoint.Use use;
  private final String server;
  private final String servers;
  private final String root;
  private final LeftoverNodes tree;
  private final Executor threads;
  private int uses;
  private int successes;

  /**
   * Creates a trial without starting it.
   *
   * @param server the server that the broken connection goes to
   * @param servers all servers
   * @param root a path that has not been used yet
   */
  Trial(
      CutPoint.Use use,
      String server,
      String servers,
      String root,
      LeftoverNodes tree,
      Executor threads) {
    this.use = use;
    this.server = server;
    this.servers = servers;
    this.root = root;
    this.tree = tree;
    this.threads = threads;
  }

  private interface Visit<T> {
    T with(FaultProxy proxy, RecipeUser broken, RecipeUser other) throws Exception;
  }

  /** The requests of a use whose connection does not break. */
  PacketCounts count() throws Exception {
    return visit((proxy, one, other) -> {
      PacketCounts before = proxy.counts();
      one.use();
      Stopwatch.pause(AFTERWARDS);
      return proxy.counts().minus(before);
    });
  }

  /** Breaks the connection, and looks what comes of it. */
  TrialResult run(CutPoint boundary) throws Exception {
    return visit((proxy, broken, other) -> breakAt(boundary, proxy, broken, other));
  }

  private <T> T visit(Visit<T> visit) throws Exception {
    try (FaultProxy proxy = FaultProxy.to(server);
        RecipeUser other =
            use.recipe().open(new RecipeUser.Door("other", servers, servers, root))) {
      if (!use.first()) {
        used(other);
      }
      try (RecipeUser broken =
          use.recipe().open(new RecipeUser.Door("broken", proxy.connectString(), servers, root))) {
        return visit.with(proxy, broken, other);
      }
    }
  }

  private TrialResult breakAt(
      CutPoint boundary, FaultProxy proxy, RecipeUser broken, RecipeUser other) throws Exception {
    long connects = proxy.requests(Op.CONNECT);
    Fault fault = boundary.arm(proxy);
    Stopwatch watch = new Stopwatch();
    String end = used(broken);
    long endMillis = watch.elapsed().toMillis();
    boolean landed = fault.await(AFTERWARDS);
    if (landed) { // a black hole is found out late
      Stopwatch.await(SESSION, () -> proxy.requests(Op.CONNECT) > connects);
    }
    proxy.heal();
    boolean back = Stopwatch.await(PATIENCE, broken::isConnected);
    List<String> left = tree.awaitNone(root, GONE);
    String next = used(other);
    List<String> leftByNext = tree.awaitNone(root, GONE);
    return new TrialResult(
        boundary,
        landed,
        end,
        endMillis,
        back ? left : List.of("no connection"),
        next.isEmpty() && !leftByNext.isEmpty() ? "left " + leftByNext : next,
        effects(other));
  }

  /**
   * Runs a use and returns its failure: empty if it succeeded, {@code may fail: …} if it failed in an acceptable way.
   */
  private String used(RecipeUser visitor) throws InterruptedException {
    FutureTask<Boolean> task = new FutureTask<>(() -> {
      visitor.use();
      return true;
    });
    uses++;
    threads.execute(task);
    try {
      task.get(LATEST.toMillis(), TimeUnit.MILLISECONDS);
      successes++;
      return "";
    } catch (TimeoutException e) {
      task.cancel(true);
      return "not ended after " + LATEST.toMillis() + " ms";
    } catch (ExecutionException | CancellationException e) {
      return words(e);
    }
  }

  private static String words(Exception failure) {
    Throwable cause = failure;
    while (cause instanceof ExecutionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    boolean may = cause instanceof ZkUnavailableException || cause instanceof ZkTimeoutException;
    return (may ? TrialResult.MAY_FAIL : "") + cause;
  }

  private String effects(RecipeUser other) throws InterruptedException {
    OptionalLong effects = other.effects();
    if (effects.isEmpty() || (effects.getAsLong() >= successes && effects.getAsLong() <= uses)) {
      return "";
    }
    return effects.getAsLong() + " effects of " + uses + " uses, " + successes + " acknowledged";
  }
}
