package io.zookit.spring.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.JobRun;
import io.zookit.spring.TestApplication;
import io.zookit.spring.config.EnableLiveProperties;
import io.zookit.spring.config.LiveConfig;
import io.zookit.spring.config.LiveProperties;
import io.zookit.spring.job.ClusterScheduled;
import io.zookit.spring.job.JobTriggers;
import io.zookit.spring.lock.Locked;
import io.zookit.spring.lock.OnBusy;
import io.zookit.testkit.ZkServerExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

@Tag("full")
class ObservationsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Namespace LIMITS = Namespace.of("test", "shop", "limits");
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final String root = zooKeeper.freshRoot();

  /** Bound for each release. */
  @LiveProperties("limits")
  record ObservedLimits(int most) {}

  /** Keeps what has ended, and carries a trace as a tracer does. */
  static class Recorder implements ObservationHandler<Observation.Context> {
    final List<String> ended = new CopyOnWriteArrayList<>();
    final List<String> received = new CopyOnWriteArrayList<>();

    @Override
    public void onStart(Observation.Context context) {
      if (context instanceof SenderContext<?> sender) {
        send(sender);
      } else if (context instanceof ReceiverContext<?> receiver) {
        receive(receiver);
      }
    }

    private static <C> void send(SenderContext<C> context) {
      context.getSetter().set(context.getCarrier(), "traceparent", TRACE);
    }

    private <C> void receive(ReceiverContext<C> context) {
      C carrier = context.getCarrier();
      String trace = carrier == null ? null : context.getGetter().get(carrier, "traceparent");
      received.add(String.valueOf(trace));
    }

    @Override
    public void onStop(Observation.Context context) {
      StringBuilder text = new StringBuilder(String.valueOf(context.getName()));
      context
          .getLowCardinalityKeyValues()
          .forEach(
              each -> text.append(' ').append(each.getKey()).append('=').append(each.getValue()));
      ended.add(text.toString());
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return String.valueOf(context.getName()).startsWith("zookit.");
    }
  }

  @TestApplication
  @EnableLiveProperties(ObservedLimits.class)
  static class Shop {

    @Bean
    Recorder recorder() {
      return new Recorder();
    }

    @Bean
    ObservationRegistry observations(Recorder recorder) {
      ObservationRegistry registry = ObservationRegistry.create();
      registry.observationConfig().observationHandler(recorder);
      return registry;
    }

    @Bean
    Work work() {
      return new Work();
    }
  }

  static class Work {

    @Locked(value = "stock", onBusy = OnBusy.SKIP)
    public void take(Runnable inside) {
      inside.run();
    }

    @ClusterScheduled(name = "report")
    public void report(JobRun run) {
      if (run.parameters().containsKey("fail")) {
        throw new IllegalStateException("as the trigger wants");
      }
    }
  }

  @Test
  void observe_locksJobsAndReleases_haveTheirOutcomes() throws Exception {
    try (ZkClient operator =
        ZkClient.builder(zooKeeper.connectString()).root(root).connect()) {
      ConfigStore store = ConfigStore.in(operator);
      store.publish(LIMITS, Content.properties("limits.most=1"), Change.by("ana"));
      try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
          .web(WebApplicationType.NONE)
          .properties(
              "zookit.connect=" + zooKeeper.connectString(),
              "zookit.root=" + root,
              "spring.config.import=zookit:" + LIMITS,
              "spring.main.banner-mode=off")
          .run()) {
        Recorder recorder = context.getBean(Recorder.class);
        Work work = context.getBean(Work.class);

        work.take(() -> work.take(() -> {}));
        assertThat(recorder.ended)
            .containsSubsequence(
                "zookit.lock.wait method=Work.take outcome=granted",
                "zookit.lock.wait method=Work.take outcome=busy");

        JobTriggers triggers = context.getBean(JobTriggers.class);
        assertThat(triggers.trigger("report", "first", Map.of())).isTrue();
        assertThat(triggers.trigger("report", "first", Map.of())).isFalse();
        await().until(() -> recorder.ended.contains("zookit.job.run job=report outcome=success"));
        assertThat(recorder.ended)
            .contains(
                "zookit.job.trigger job=report outcome=created",
                "zookit.job.trigger job=report outcome=known");
        assertThat(recorder.received).containsOnly(TRACE);
        triggers.trigger("report", "second", Map.of("fail", "yes"));
        await().until(() -> recorder.ended.contains("zookit.job.run job=report outcome=error"));

        store.publish(LIMITS, Content.properties("limits.most=none"), Change.by("ana"));
        await()
            .until(() -> recorder.ended.contains(
                "zookit.config.prepare namespaces=" + LIMITS + " outcome=rejected"));
        store.publish(LIMITS, Content.properties("limits.most=2"), Change.by("ana"));
        await()
            .until(() -> recorder.ended.contains(
                "zookit.config.apply namespaces=" + LIMITS + " outcome=changed"));
        LiveConfig<ObservedLimits> limits = context
            .<LiveConfig<ObservedLimits>>getBeanProvider(
                org.springframework.core.ResolvableType.forClassWithGenerics(
                    LiveConfig.class, ObservedLimits.class))
            .getObject();
        assertThat(limits.get().most()).isEqualTo(2);
      }
    }
  }
}
