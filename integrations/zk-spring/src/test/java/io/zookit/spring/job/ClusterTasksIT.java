package io.zookit.spring.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.lock.election.Leadership;
import io.zookit.scheduler.DefinitionPolicy;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobRun;
import io.zookit.spring.TestApplication;
import io.zookit.spring.ZookitStartException;
import io.zookit.testkit.ZkServerExtension;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

@Tag("full")
class ClusterTasksIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final String root = zooKeeper.freshRoot();

  @TestApplication
  static class Shop {
    @Bean
    Tasks tasks() {
      return new Tasks();
    }
  }

  static class Tasks {
    final List<Instant> slots = new CopyOnWriteArrayList<>();
    final List<String> terms = new CopyOnWriteArrayList<>();
    final List<FencingToken> epochs = new CopyOnWriteArrayList<>();

    @ClusterScheduled(name = "tick", cron = "* * * * * ?", definition = DefinitionPolicy.VALIDATE)
    void tick(JobRun run) {
      slots.add(run.scheduledTime());
    }

    @OnLeader("master")
    void lead(Leadership leadership) {
      epochs.add(leadership.epoch());
      terms.add("elected");
    }

    @OnDeposed("master")
    void rest(Leadership leadership) {
      terms.add(leadership.isValid() ? "deposed in time" : "deposed late");
    }
  }

  private SpringApplicationBuilder shop() {
    return new SpringApplicationBuilder(Shop.class)
        .web(WebApplicationType.NONE)
        .properties(
            "zookit.connect=" + zooKeeper.connectString(),
            "zookit.root=" + root,
            "spring.main.banner-mode=off");
  }

  @Test
  void run_twoApplications_runEachSlotOnceAndLeadInTurn() {
    ConfigurableApplicationContext one = shop().run();
    Tasks first = one.getBean(Tasks.class);
    await().until(() -> first.terms.contains("elected"));
    try (ConfigurableApplicationContext two = shop().run()) {
      Tasks second = two.getBean(Tasks.class);
      await().until(() -> first.slots.size() + second.slots.size() > 5);
      assertThat(second.terms).isEmpty();

      one.close();

      assertThat(first.terms).containsExactly("elected", "deposed in time");
      await().until(() -> second.terms.contains("elected"));
      int before = second.slots.size();
      await().until(() -> second.slots.size() > before + 2);
      List<Instant> all = new CopyOnWriteArrayList<>(first.slots);
      all.addAll(second.slots);
      assertThat(all).hasSameSizeAs(new HashSet<>(all));
      assertThat(second.epochs.get(0).isAfter(first.epochs.get(0))).isTrue();
    }
  }

  @Test
  void run_anotherDefinitionIsStored_failsWithTheDifference() throws Exception {
    try (ZkClient operator =
        ZkClient.builder(zooKeeper.connectString()).root(root).connect()) {
      JobLedger.in(operator).define(Job.named("tick").cron("0 0 3 * * ?", ZoneOffset.UTC));

      assertThatThrownBy(() -> shop().run())
          .hasRootCauseInstanceOf(ZookitStartException.class)
          .rootCause()
          .hasMessageContaining("schedule")
          .hasMessageContaining("0 0 3 * * ?")
          .hasMessageContaining("definition = REPLACE");
    }
  }
}
