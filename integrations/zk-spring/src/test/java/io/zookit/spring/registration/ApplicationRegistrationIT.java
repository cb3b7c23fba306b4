package io.zookit.spring.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.spring.TestApplication;
import io.zookit.spring.ZookitStartException;
import io.zookit.testkit.ZkServerExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

@Tag("full")
class ApplicationRegistrationIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private final String root = zooKeeper.freshRoot();
  private ZkClient consumer;
  private ServiceView view;

  @TestApplication
  static class Shop {

    /** Registered too early, an instance would be in the view while this runs. */
    @Bean
    ApplicationRunner slowStart(ZkClient client, List<Integer> sizes) {
      return arguments -> sizes.add(ServiceRegistry.in(client).services().size());
    }

    @Bean
    List<Integer> sizes() {
      return new CopyOnWriteArrayList<>();
    }
  }

  @BeforeEach
  void follow() throws Exception {
    consumer = ZkClient.builder(zooKeeper.connectString()).root(root).connect();
    view = ServiceRegistry.in(consumer).discover("shop");
    view.awaitReady(Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    view.close();
    consumer.close();
  }

  private SpringApplicationBuilder shop(WebApplicationType type, String... properties) {
    List<String> all = new ArrayList<>(List.of(
        "zookit.connect=" + zooKeeper.connectString(),
        "zookit.root=" + root,
        "zookit.registration.host=localhost",
        "server.port=0",
        "spring.main.banner-mode=off"));
    all.addAll(List.of(properties));
    return new SpringApplicationBuilder(Shop.class)
        .web(type)
        .properties(all.toArray(String[]::new));
  }

  private static int status(ServiceInstance instance) throws Exception {
    URI uri = URI.create("http://" + instance.address() + "/nothing");
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void run_webApplication_isRegisteredFromReadyToTheEndOfItsServer() throws Exception {
    ConfigurableApplicationContext context = shop(
            WebApplicationType.SERVLET,
            "spring.application.name=shop",
            "zookit.registration.zone=a",
            "zookit.registration.metadata.color=red",
            "zookit.registration.drain=3s")
        .run();
    assertThat(context.getBean("sizes")).isEqualTo(List.of(0));
    await().until(() -> view.current().size() == 1);
    ServiceInstance instance = view.current().get(0);
    assertThat(instance.status()).isEqualTo(InstanceStatus.UP);
    assertThat(instance.zone()).contains("a");
    assertThat(instance.metadata()).isEqualTo(Map.of("color", "red"));
    assertThat(status(instance)).isEqualTo(404);

    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
    await().until(() -> view.current().get(0).status() == InstanceStatus.DOWN);
    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
    await().until(() -> view.current().get(0).status() == InstanceStatus.UP);

    Thread closing = new Thread(context::close);
    closing.start();
    await()
        .until(() ->
            view.current().stream().allMatch(each -> each.status() == InstanceStatus.LEAVING));
    assertThat(status(instance)).as("while consumers learn of it").isEqualTo(404);
    closing.join();
    await().until(() -> view.current().isEmpty());
    assertThatThrownBy(() -> status(instance)).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void run_withoutWebServer_isRegisteredByItsPortOrNotAtAll() {
    try (ConfigurableApplicationContext none =
        shop(WebApplicationType.NONE, "spring.application.name=shop").run()) {
      assertThat(none.getBean(ApplicationRegistration.class).registration()).isEmpty();
    }
    try (ConfigurableApplicationContext given = shop(
            WebApplicationType.NONE,
            "zookit.registration.service=shop",
            "zookit.registration.port=8099")
        .run()) {
      assertThat(given.getBean(ApplicationRegistration.class).registration()).isPresent();
      await().until(() -> view.current().size() == 1);
      assertThat(view.current().get(0).address()).isEqualTo("localhost:8099");
    }
  }

  @Test
  void run_badRegistration_saysWhatToDo() {
    assertThatThrownBy(
            () -> shop(WebApplicationType.NONE, "zookit.registration.port=8099").run())
        .hasRootCauseInstanceOf(ZookitStartException.class)
        .rootCause()
        .hasMessageContaining("Set spring.application.name");
    assertThatThrownBy(() -> shop(
                WebApplicationType.NONE,
                "spring.application.name=shop",
                "zookit.registration.port=8099",
                "zookit.registration.weight=-1")
            .run())
        .rootCause()
        .hasMessageContaining("weight: -1");
  }
}
