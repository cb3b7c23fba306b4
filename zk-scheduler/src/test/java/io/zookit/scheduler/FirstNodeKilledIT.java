package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.scheduler.ProcessNodes.Told;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} of the process that runs a job, between two runs; its session lives on for a while. */
@Tag("full")
@Timeout(300)
class FirstNodeKilledIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Instant ALWAYS = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FOREVER = Instant.parse("2100-01-01T00:00:00Z");

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void idleFirstOfTwoNodesKilled_noSlotIsSkipped(int seconds) throws Exception {
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString()).connect();
        ProcessNodes nodes = new ProcessNodes(zooKeeper.connectString(), Duration.ofSeconds(15))) {
      JobLedger ledger = JobLedger.in(client);
      nodes.add(2);
      ledger.define(Job.named("tick").on(Schedule.every(Duration.ofSeconds(seconds))));
      awaitRuns(nodes, 2);
      nodes.kill(awaitRest(nodes));
      awaitRuns(nodes, nodes.begun().size() + 4);
      Verification found = ledger.verify("tick", ALWAYS, FOREVER);
      assertThat(found.outcomes()).as("%s", found).doesNotContainKey("SKIPPED(POLICY)");
      ledger.delete("tick");
    }
  }

  private static void awaitRuns(ProcessNodes nodes, int total) {
    await().atMost(LONG).until(() -> nodes.begun().size() >= total);
  }

  /** The node that has just written its result. */
  private static String awaitRest(ProcessNodes nodes) {
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> last(nodes).what().equals("write"));
    return last(nodes).who();
  }

  private static Told last(ProcessNodes nodes) {
    List<Told> told = nodes.told();
    return told.get(told.size() - 1);
  }
}
