package io.zookit.benchmarks.id;

import io.zookit.core.ZkClient;
import io.zookit.id.IdLayout;
import io.zookit.id.Segments;
import io.zookit.id.Snowflake;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import me.ahoo.cosid.segment.IdSegmentDistributor;
import me.ahoo.cosid.segment.SegmentChainId;
import me.ahoo.cosid.snowflake.MillisecondSnowflakeId;
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

/**
 * Ids out of the process's own memory, taken by one thread: ours with ZooKeeper behind it, the peer's, which is CosId, with
 * a machine number and a distributor of segments in memory.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class IdDraws {

  private static final int SEGMENT = 100_000;
  private static final int ITERATIONS = 5;

  /** The address of ZooKeeper. */
  @Param("localhost:2181")
  public String address = "";

  private @Nullable ZkClient client;
  private @Nullable Segments segments;
  private @Nullable Snowflake snowflake;
  private @Nullable SegmentChainId peerSegments;
  private @Nullable MillisecondSnowflakeId peerSnowflake;

  /** Prepares all. */
  @Setup
  public void connect() throws InterruptedException {
    client = ZkClient.connect(address);
    segments = Segments.named("bench-segments", client).createFrom(1, SEGMENT);
    snowflake = Snowflake.named("bench-snowflake", client)
        .layout(IdLayout.of(41, 10, 12))
        .build();
    peerSegments = new SegmentChainId(new IdSegmentDistributor.Atomic(SEGMENT));
    peerSnowflake = new MillisecondSnowflakeId(1);
  }

  /** Ends ours. */
  @TearDown
  public void close() {
    Objects.requireNonNull(snowflake).close();
    Objects.requireNonNull(client).close();
  }

  /** A number out of a segment. */
  @Benchmark
  public long zookitSegments() throws InterruptedException {
    return Objects.requireNonNull(segments).next();
  }

  /** The peer's number out of a segment. */
  @Benchmark
  public long peerSegments() {
    return Objects.requireNonNull(peerSegments).generate();
  }

  /** An id of time, slot and number. */
  @Benchmark
  public long zookitSnowflake() throws InterruptedException {
    return Objects.requireNonNull(snowflake).next();
  }

  /** The peer's id of time, machine and number. */
  @Benchmark
  public long peerSnowflake() {
    return Objects.requireNonNull(peerSnowflake).generate();
  }

  /** Ids a second, in this JVM, which was forked for it. */
  static double measure(String kind, String implementation, String address, Duration measured)
      throws RunnerException {
    TimeValue each = TimeValue.milliseconds(measured.toMillis() / ITERATIONS);
    String method = implementation + Character.toUpperCase(kind.charAt(0)) + kind.substring(1);
    return new Runner(new OptionsBuilder()
            .include("^" + IdDraws.class.getName() + "\\." + method + "$")
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
