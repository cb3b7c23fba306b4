package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.run.LiveRun.Shard;
import io.zookit.scheduler.internal.run.RunExecutor;
import io.zookit.scheduler.internal.run.RunThreads;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads of runs: each start has an end, whatever happens. */
class RunThreadsTest {

  private static final long LONG = 30;

  private final SimWorld world = new SimWorld(7);
  private final RunThreads threads = new RunThreads("test");
  private final CompletableFuture<@Nullable Throwable> ended = new CompletableFuture<>();

  @AfterEach
  void close() {
    threads.close();
  }

  /** Neither an exception nor an error, as other languages may throw. */
  private static final class Neither extends Throwable {
    private static final long serialVersionUID = 1;
  }

  @Test
  void code_throwsNeitherExceptionNorError_isEnded() throws Exception {
    start(() -> sneak(new Neither()));
    assertThat(ended.get(LONG, TimeUnit.SECONDS)).isInstanceOf(Neither.class);
  }

  @Test
  void start_afterClose_isEndedAsRejected() throws Exception {
    threads.close();
    start(() -> {});
    assertThat(ended.get(LONG, TimeUnit.SECONDS)).isInstanceOf(RejectedExecutionException.class);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private void start(RunExecutor.Code code) {
    ZkSessionTree session = world.connect("c");
    ClaimRecord claim = new ClaimRecord(
        "c",
        StateRecord.Kind.RUN,
        new SlotRecord(0, null, null),
        null,
        "n",
        1,
        0,
        0,
        null,
        null,
        null,
        null);
    LiveRun run = new LiveRun(
        JobRecord.of(Job.named("a")),
        claim,
        Shard.WHOLE,
        new FencingToken(1, 1, 0),
        session,
        world.paths.run("a"),
        (any, data) -> {});
    threads.start(run, code, ended::complete);
  }
}
