package io.zookit.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zookit.config.ConfigStore;
import io.zookit.core.Meters;
import io.zookit.core.ZkClient;
import io.zookit.core.metrics.MicrometerMeters;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.registry.ServiceRegistry;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ZookitAutoConfigurationTest {

  /** A client that never connects is enough for beans that send nothing by themselves. */
  private final ApplicationContextRunner withClient =
      runner().withBean(ZkClient.class, () -> ZkClient.builder("localhost:1").start());

  private static ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(ZookitAutoConfiguration.class));
  }

  private static String failure(AssertableApplicationContext context) {
    Throwable found = context.getStartupFailure();
    while (found != null && !(found instanceof ZookitStartException)) {
      found = found.getCause();
    }
    return found == null ? "no ZookitStartException" : String.valueOf(found.getMessage());
  }

  @Test
  void beans_disabled_areNone() {
    runner()
        .withPropertyValues("zookit.enabled=false")
        .run(context -> assertThat(context)
            .hasNotFailed()
            .doesNotHaveBean(ZkClient.class)
            .doesNotHaveBean(ConfigStore.class));
  }

  @Test
  void beans_ownClient_areCreatedFromIt() {
    withClient.run(context -> assertThat(context)
        .hasSingleBean(ZkClient.class)
        .doesNotHaveBean("zookitClient")
        .hasSingleBean(ConfigStore.class)
        .hasSingleBean(ServiceRegistry.class)
        .hasSingleBean(LockInspector.class)
        .hasSingleBean(Meters.class)
        .hasSingleBean(ZookitConnectionDetails.class));
  }

  @Test
  void beans_ownOnes_replaceThose() {
    withClient
        .withBean("own", Meters.class, Meters::none)
        .withBean("mine", ZookitConnectionDetails.class, () -> () -> "localhost:2")
        .run(context -> {
          assertThat(context).hasSingleBean(Meters.class).hasBean("own");
          assertThat(context).hasSingleBean(ZookitConnectionDetails.class).hasBean("mine");
        });
  }

  @Test
  void meters_oneRegistry_writesToIt() {
    withClient
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(context ->
            assertThat(context.getBean(Meters.class)).isInstanceOf(MicrometerMeters.class));
  }

  @Test
  void meters_withoutMicrometer_isNone() {
    withClient
        .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
        .run(context ->
            assertThat(context).hasNotFailed().getBean(Meters.class).isSameAs(Meters.none()));
  }

  @Test
  void start_noServer_saysWhatToDo() {
    runner()
        .withPropertyValues("zookit.connect=localhost:1", "zookit.connect-timeout=100ms")
        .run(context -> assertThat(failure(context))
            .contains("cannot be reached at localhost:1")
            .contains("set zookit.connect"));
  }

  @Test
  void start_remoteServerWithoutCredentials_saysWhatToDo() {
    runner()
        .withPropertyValues("zookit.connect=192.0.2.1:2181")
        .run(context -> assertThat(failure(context))
            .contains("credentials: none")
            .contains("zookit.digest.user"));
  }

  @Test
  void start_malformedProperties_namesThem() {
    runner()
        .withPropertyValues("zookit.connect=:::")
        .run(context ->
            assertThat(failure(context)).contains("not valid").contains("connectString"));
    runner()
        .withPropertyValues("zookit.access.boss=digest:ana:x")
        .run(context -> assertThat(failure(context)).contains("role: \"boss\""));
    withClient
        .withPropertyValues("zookit.instance.labels.zone=a")
        .run(context -> assertThat(failure(context)).contains("Set zookit.instance.id"));
    withClient
        .withPropertyValues("zookit.keys.variable=NO_SUCH_VARIABLE")
        .run(context -> assertThat(failure(context)).contains("NO_SUCH_VARIABLE: not set"));
    withClient
        .withPropertyValues("zookit.keys.variable=A", "zookit.keys.file=b")
        .run(context -> assertThat(failure(context)).contains("Set one of zookit.keys.file and"));
  }

  @Test
  void properties_passwords_areNotShown() {
    withClient
        .withPropertyValues(
            "zookit.digest.user=shop",
            "zookit.digest.password=hidden-one",
            "zookit.tls.key-store-password=hidden-two",
            "zookit.tls.trust-store-password=hidden-three")
        .run(context -> assertThat(context.getBean(ZookitProperties.class).toString())
            .contains("digest user shop")
            .doesNotContain("hidden"));
  }

  @Test
  void metadata_ofTheProperties_describesThem() throws Exception {
    StringBuilder all = new StringBuilder();
    for (URL metadata : Collections.list(
        getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream in = metadata.openStream()) {
        all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(all)
        .contains("\"zookit.connect\"", "\"zookit.digest.password\"", "\"zookit.tls.key-store\"")
        .contains("the servers, host:port");
  }
}
