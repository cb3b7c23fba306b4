package io.zookit.benchmarks.config;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Reading one value of a configuration that is followed: ours from a record, the peer's from a cache. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ConfigReads {

  private static final Namespace NAMESPACE = Namespace.of("bench", "read", "limits");
  private static final String PATH = "/bench-curator-read";
  private static final int ITERATIONS = 5;

  /** The record that is bound. */
  public record Limits(int maxOrders, boolean open) {}

  /** The address of ZooKeeper. */
  @Param("localhost:2181")
  public String address = "";

  private @Nullable ZkClient client;
  private @Nullable LiveValue<Limits> live;
  private @Nullable CuratorFramework curator;
  private @Nullable CuratorCache cache;

  /** Follows with both. */
  @Setup
  public void follow() throws Exception {
    client = ZkClient.connect(address);
    ConfigStore store = ConfigStore.in(client);
    store.publish(NAMESPACE, Content.properties("max-orders=200\nopen=true\n"), Change.by("bench"));
    live = store.bind(NAMESPACE, Limits.class).awaitReady(Duration.ofSeconds(20));
    curator = CuratorFrameworkFactory.newClient(address, new ExponentialBackoffRetry(100, 5));
    curator.start();
    curator.create().orSetData().forPath(PATH, new byte[] {(byte) 200});
    cache = CuratorCache.build(curator, PATH);
    cache.start();
    while (cache.get(PATH).isEmpty()) {
      Thread.onSpinWait();
    }
  }

  /** Ends both. */
  @TearDown
  public void close() {
    Objects.requireNonNull(cache).close();
    Objects.requireNonNull(curator).close();
    Objects.requireNonNull(client).close();
  }

  /** A component of a bound record. */
  @Benchmark
  public int zookit() {
    return Objects.requireNonNull(live).current().maxOrders();
  }

  /** The bytes of a cached node. */
  @Benchmark
  public byte @Nullable [] peer() {
    return Objects.requireNonNull(cache).get(PATH).map(ChildData::getData).orElse(null);
  }

  /** Nanoseconds a read, in this JVM, which was forked for it. */
  static double measure(String implementation, String address, Duration measured)
      throws RunnerException {
    TimeValue each = TimeValue.milliseconds(measured.toMillis() / ITERATIONS);
    return new Runner(new OptionsBuilder()
            .include("^" + ConfigReads.class.getName() + "\\." + implementation + "$")
            .param("address", address)
            .forks(0)
            .warmupIterations(ITERATIONS)
            .warmupTime(each)
            .measurementIterations(ITERATIONS)
            .measurementTime(each)
            .build())
        .runSingle()
        .getPrimaryResult()
        .getScore();
  }
}
