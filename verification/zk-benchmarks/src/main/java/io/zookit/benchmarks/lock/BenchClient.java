package io.zookit.benchmarks.lock;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import java.time.Duration;
import java.util.Objects;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.jspecify.annotations.Nullable;

/** A connection of Zookit or of the peer, from which locks are made; {@code close()} ends it. */
interface BenchClient extends AutoCloseable {

  /** A lock object for one thread. */
  BenchLock lock(String name);

  /** One that is handed on inside the process where an implementation can do that; at most so often in a row. */
  BenchLock handedOn(String name, int bound);

  @Override
  void close();

  /** A connection of an implementation: {@code zookit} or {@code peer}. */
  static BenchClient connect(String implementation, String address) {
    return implementation.equals("zookit") ? new ZookitLocks(address) : new CuratorLocks(address);
  }

  /** Zookit. */
  final class ZookitLocks implements BenchClient {
    private final ZkClient client;

    ZookitLocks(String address) {
      client = ZkClient.builder(address).sessionTimeout(Duration.ofSeconds(30)).connect();
    }

    @Override
    public BenchLock lock(String name) {
      return of(DistributedLock.named(name, client));
    }

    @Override
    public BenchLock handedOn(String name, int bound) {
      return of(DistributedLock.builder(name, client).localHandOff(bound).build());
    }

    private static BenchLock of(DistributedLock lock) {
      return new BenchLock() {
        private @Nullable Lease lease;

        @Override
        public void acquire() throws InterruptedException {
          lease = lock.acquire();
        }

        @Override
        public void release() {
          Objects.requireNonNull(lease).close();
        }
      };
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /** Curator's recipe. */
  final class CuratorLocks implements BenchClient {
    private final CuratorFramework client;

    CuratorLocks(String address) {
      client = CuratorFrameworkFactory.builder()
          .connectString(address)
          .sessionTimeoutMs(30_000)
          .connectionTimeoutMs(10_000)
          .retryPolicy(new ExponentialBackoffRetry(100, 5))
          .build();
      client.start();
    }

    @Override
    public BenchLock lock(String name) {
      InterProcessMutex mutex = new InterProcessMutex(client, "/bench-curator/" + name);
      return new BenchLock() {
        @Override
        public void acquire() throws Exception {
          mutex.acquire();
        }

        @Override
        public void release() throws Exception {
          mutex.release();
        }
      };
    }

    @Override
    public BenchLock handedOn(String name, int bound) {
      return lock(name);
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
