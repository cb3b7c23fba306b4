package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkServerExtension;
import java.io.File;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that has no Quartz on its class path runs jobs. */
@Tag("full")
@Timeout(300)
class WithoutQuartzIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(90);

  @Test
  void node_withoutQuartz_runsJobs() throws Exception {
    String all = System.getProperty("java.class.path");
    String classPath = Arrays.stream(all.split(File.pathSeparator, -1))
        .filter(entry -> !new File(entry).getName().startsWith("quartz-"))
        .collect(Collectors.joining(File.pathSeparator));
    assertThat(classPath).isNotEqualTo(all);
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString()).connect();
        ChildJvm node = ChildJvm.of(NodeChild.class)
            .args(zooKeeper.connectString(), "n1", "15")
            .classPath(classPath)
            .start()) {
      node.awaitLine("ready"::equals, LONG);
      JobLedger.in(client).define(Job.named("tick").on(Schedule.every(Duration.ofSeconds(1))));
      node.awaitLine(line -> line.endsWith(" RAN"), LONG);
      JobLedger.in(client).delete("tick");
    }
  }
}
