package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.IncarnationException;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.time.Schedule;
import io.zookit.scheduler.time.Slot;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node over data that were set back to an earlier state. */
@Timeout(180)
class RestoredJobsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @BeforeAll
  static void waitLong() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  @Test
  @Tag("full")
  void job_inDataThatWereSetBack_isClaimedByNobodyUntilTheRaiseAndThenGoesOn() throws Exception {
    String root = zooKeeper.freshRoot();
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .root(root)
            .connect();
        JobScheduler node =
            JobScheduler.builder(client).history(HistorySink.none()).start();
        ZooKeeper admin = new ZooKeeper(zooKeeper.connectString(), 30_000, event -> {})) {
      node.handle("tick", runs::add);
      node.define(Job.named("tick").on(Schedule.every(Duration.ofSeconds(1))));
      String job = new JobPaths(ZkPath.absolute(root)).job("tick").value();
      await().until(() -> runs.size() >= 1);
      Map<String, byte[]> copy = copy(admin, job);
      await().until(() -> runs.size() >= 4);

      admin.create(root + "/~suspect", new byte[] {1}, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
      await().until(() -> client.suspicion().isPresent());
      await().until(() -> admin.exists(job + "/run", false) == null);
      restore(admin, job, copy);
      int before = runs.size();
      Slot past = Slot.at(Instant.parse("2020-01-01T00:00:00Z"));
      assertThatThrownBy(() -> SlotClaims.in(client).tryClaim("foreign", past))
          .isInstanceOf(IncarnationException.class);
      assertThat(runs).hasSizeLessThanOrEqualTo(before + 1);

      client.raiseIncarnation(0);

      int after = runs.size();
      await().until(() -> runs.size() >= after + 2);
      assertThat(List.copyOf(runs).get(runs.size() - 1).token().incarnation()).isEqualTo(2);
    }
  }

  private static Map<String, byte[]> copy(ZooKeeper admin, String job) throws Exception {
    Map<String, byte[]> data = new LinkedHashMap<>();
    for (String child : List.of("def", "state", "ctl")) {
      data.put(child, admin.getData(job + "/" + child, false, null));
    }
    return data;
  }

  /** All versions begin again below those that the node has read. */
  private static void restore(ZooKeeper admin, String job, Map<String, byte[]> copy)
      throws Exception {
    for (Map.Entry<String, byte[]> each : copy.entrySet()) {
      String path = job + "/" + each.getKey();
      admin.delete(path, -1);
      admin.create(path, each.getValue(), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }
  }
}
