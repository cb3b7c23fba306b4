package io.zookit.samples.quickstart;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.MemoryFence;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.testkit.ZkServer;
import java.time.Duration;

/** Shows a lock whose first owner comes back late, and a store that refuses its old token. */
public final class FencedLockSample {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String LOCK = "sample/stock";

  /** The store that the lock protects. Its fence keeps the greatest token and refuses smaller ones. */
  private static final class Store {

    private final MemoryFence fence = new MemoryFence();
    private int pieces = 10;

    int read(FencingToken token) {
      return fence.guard(LOCK, token, FenceMode.EXCLUSIVE, () -> pieces);
    }

    void write(FencingToken token, int left) {
      fence.guard(LOCK, token, FenceMode.EXCLUSIVE, () -> pieces = left);
    }
  }

  private FencedLockSample() {}

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null) {
      run(server == null ? args[0] : server.connectString());
    }
  }

  private static void run(String servers) throws Exception {
    Store store = new Store();
    try (ZkClient one = ZkClient.connect(servers);
        ZkClient two = ZkClient.connect(servers);
        Lease first = DistributedLock.named(LOCK, one).acquire(LIMIT)) {
      int read = store.read(first.token());
      System.out.println("owner 1 has token " + first.token() + " and reads " + read + " pieces");

      // As when owner 1 is paused for longer than its session lasts: the lock is free without its
      // knowledge.
      LockInspector.in(two).breakLock(LOCK);
      System.out.println("owner 1 is paused, and its lock is broken");

      try (Lease second = DistributedLock.named(LOCK, two).acquire(LIMIT)) {
        store.write(second.token(), store.read(second.token()) - 1);
        System.out.println("owner 2 has token " + second.token() + " and sells one piece");
      }
      System.out.println("owner 1 continues and sells one, too: " + sellLate(store, first, read));
    }
    if (store.pieces != 9) {
      throw new IllegalStateException("pieces: " + store.pieces + " (expected: 9)");
    }
    System.out.println("9 of 10 pieces are left, as the one sale was: nothing was lost");
  }

  private static String sellLate(Store store, Lease late, int read) {
    try {
      store.write(late.token(), read - 1);
      throw new IllegalStateException("the store took a write with an old token");
    } catch (StaleTokenException e) {
      return "refused, its token is too old";
    }
  }
}
