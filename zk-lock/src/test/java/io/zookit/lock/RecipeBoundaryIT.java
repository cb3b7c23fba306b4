package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.election.Candidacy;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.election.Leadership;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Recipes that are built on locks, when the connection breaks or the process ends at each of their requests: nothing is
 * left behind, and the next client continues.
 */
@Tag("full")
class RecipeBoundaryIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration SESSION = Duration.ofSeconds(4);
  private static final int REQUESTS = 5;

  private interface Use {

    /** Takes it and gives it up. */
    void by(ZkClient client) throws Exception;
  }

  /** Everything is in the queue of "n"; a second one is "m". */
  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private enum Recipe {
    PERMITS(client ->
        DistributedSemaphore.named("n", 3, client).acquire(2, LockWorld.LONG).close()),
    SEVERAL(client -> DistributedLock.several(client)
        .exclusive("n")
        .shared("m")
        .build()
        .acquire(LockWorld.LONG)
        .close()),
    DOWNGRADE(RecipeBoundaryIT::downgrade),
    ROBUST(client -> DistributedLock.builder("n", client)
        .robust()
        .build()
        .acquire(LockWorld.LONG)
        .close()),
    CELL(client -> StateCell.named("n", client).update(LockWorld.LONG, old -> new byte[] {1})),
    NUMBER(
        client -> NumberedLeases.named("n", 3, client).acquire(LockWorld.LONG).close()),
    LEADER(RecipeBoundaryIT::lead);

    private final Use use;

    Recipe(Use use) {
      this.use = use;
    }
  }

  private static void downgrade(ZkClient client) throws Exception {
    DistributedReadWriteLock lock = DistributedReadWriteLock.named("n", client);
    try (Lease lease = lock.writeLock().acquire(LockWorld.LONG)) {
      lock.downgrade(lease);
    }
  }

  private static void lead(ZkClient client) throws Exception {
    CompletableFuture<Leadership> elected = new CompletableFuture<>();
    Candidacy candidacy = LeaderElection.named("n", client).join("x", elected::complete);
    try {
      elected.get(20, TimeUnit.SECONDS);
    } finally {
      candidacy.close();
    }
  }

  @Test
  void use_cutAtEveryRequest_leavesNothing() throws Exception {
    List<Callable<String>> cases = new ArrayList<>();
    for (Recipe recipe : Recipe.values()) {
      for (int n = 1; n <= REQUESTS; n++) {
        int at = n;
        cases.add(() -> cut(recipe, LockBoundaryIT.Cut.BEFORE, at));
        cases.add(() -> cut(recipe, LockBoundaryIT.Cut.AFTER, at));
      }
      cases.add(() -> cut(recipe, LockBoundaryIT.Cut.BLACK_HOLE, 2));
    }
    requireLanded(LockBoundaryIT.runAll(cases), 8);
  }

  @Test
  void use_processEndsAfterEveryRequest_leavesNothing() throws Exception {
    List<Callable<String>> cases = new ArrayList<>();
    for (Recipe recipe : Recipe.values()) {
      for (int n = 1; n < REQUESTS; n++) {
        int at = n;
        cases.add(() -> end(recipe, at));
      }
    }
    requireLanded(LockBoundaryIT.runAll(cases), 3);
  }

  private static void requireLanded(List<String> results, int least) {
    for (Recipe recipe : Recipe.values()) {
      assertThat(results)
          .filteredOn(result -> result.startsWith(recipe + " ") && result.endsWith("landed"))
          .hasSizeGreaterThanOrEqualTo(least);
    }
  }

  private static String cut(Recipe recipe, LockBoundaryIT.Cut cut, int n) throws Exception {
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      makeFolders(recipe, world);
      FaultProxy proxy = world.proxy();
      ZkClient client = world.client("cut", proxy, SESSION);
      Fault fault = cut.arm(proxy, n);
      used(recipe, client);
      world.awaitNoEntry(client);
      return nothingIsLeft(recipe, world, fault);
    }
  }

  /** The process sends nothing any more, and then its session ends. */
  private static String end(Recipe recipe, int n) throws Exception {
    try (LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      makeFolders(recipe, world);
      FaultProxy proxy = world.proxy();
      CuratorFramework curator = world.curator(proxy.connectString());
      ZkClient client = world.clientOver(curator);
      long session = curator.getZookeeperClient().getZooKeeper().getSessionId();
      proxy.refuse(); // it does not come back
      Fault fault = proxy.cutAfter(Op.ANY, n);
      Thread using = new Thread(() -> used(recipe, client));
      using.setDaemon(true);
      using.start();
      if (!fault.await(LockWorld.LONG)) {
        throw new AssertionError(recipe + " sends too little: " + fault);
      }
      world.server.expire(session);
      String result = nothingIsLeft(recipe, world, fault);
      client.close();
      using.interrupt(); // a candidate that was never elected receives nothing
      using.join(30_000);
      assertThat(using.isAlive()).isFalse();
      return result;
    }
  }

  private static void makeFolders(Recipe recipe, LockWorld world) throws Exception {
    recipe.use.by(world.client("first"));
    world.awaitQueue("n", 0);
    world.awaitQueue("m", 0);
  }

  /** It may fail, and then says so by an exception of ours. */
  private static void used(Recipe recipe, ZkClient client) {
    try {
      recipe.use.by(client);
    } catch (Exception e) {
      assertThat(e)
          .isInstanceOfAny(ZkException.class, LockLostException.class, InterruptedException.class);
    }
  }

  private static String nothingIsLeft(Recipe recipe, LockWorld world, Fault fault)
      throws Exception {
    world.awaitQueue("n", 0);
    world.awaitQueue("m", 0);
    recipe.use.by(world.client("next"));
    world.awaitQueue("n", 0);
    return recipe + " " + fault + (fault.landed() ? " landed" : "");
  }
}
