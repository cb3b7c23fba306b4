package io.zookit.spring.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.lock.election.Leadership;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.JobRun;
import io.zookit.scheduler.OnDeath;
import io.zookit.spring.ZookitStartException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.scheduling.annotation.Scheduled;

class ClusterMethodsTest {

  private final ClusterMethods methods =
      new ClusterMethods(new MockEnvironment().withProperty("job.cron", "0 0 3 * * ?"));

  static class Sound {
    @ClusterScheduled(
        name = "invoices",
        cron = "${job.cron}",
        zone = "Europe/Berlin",
        onDeath = OnDeath.Policy.RERUN)
    void invoices(JobRun run) {}

    @ClusterScheduled(name = "cleanup", mode = JobMode.SHARDED, shards = 4)
    void cleanup() {}

    @OnLeader("master")
    void elected(Leadership leadership) {}

    @OnDeposed("master")
    void deposed() {}
  }

  static class BadCron {
    @ClusterScheduled(name = "a", cron = "every day")
    void run() {}
  }

  static class BadZone {
    @ClusterScheduled(name = "a", cron = "0 0 3 * * ?", zone = "Berlin")
    void run() {}
  }

  static class BadParameter {
    @ClusterScheduled(name = "a")
    void run(String text) {}
  }

  static class Twice {
    @Scheduled(fixedRate = 1)
    @ClusterScheduled(name = "a")
    void run() {}
  }

  static class SameName {
    @ClusterScheduled(name = "a")
    void one() {}

    @ClusterScheduled(name = "a")
    void two() {}
  }

  static class Deposed {
    @OnDeposed("master")
    void deposed() {}
  }

  private void refuses(Object bean, String... parts) {
    assertThatThrownBy(() -> methods.postProcessAfterInitialization(bean, "bean"))
        .isInstanceOf(ZookitStartException.class)
        .message()
        .contains(parts);
  }

  @Test
  void process_soundMethods_findsJobsAndElections() {
    methods.postProcessAfterInitialization(new Sound(), "sound");

    assertThat(methods.jobs()).containsOnlyKeys("invoices", "cleanup");
    Job invoices = requireNonNull(methods.jobs().get("invoices")).job();
    assertThat(invoices.onDeath()).isEqualTo(OnDeath.rerun(3));
    assertThat(invoices.schedule()).isPresent();
    assertThat(requireNonNull(methods.jobs().get("cleanup")).job().shards()).isEqualTo(4);
    assertThat(methods.elections()).containsOnlyKeys("master");
    assertThat(requireNonNull(methods.elections().get("master")).deposed()).isPresent();
  }

  @Test
  void process_unsoundMethods_saysWhatToDo() {
    refuses(new BadCron(), "BadCron.run", "not valid", "six fields");
    refuses(new BadZone(), "BadZone.run", "Berlin");
    refuses(new BadParameter(), "takes other parameters", "Let it take nothing, or a JobRun");
    refuses(new Twice(), "@Scheduled", "Remove @Scheduled");
    refuses(new SameName(), "name of another job: a", "a name of its own");
    refuses(new Deposed(), "@OnDeposed(\"master\")", "Add one");
  }
}
