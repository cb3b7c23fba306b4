package io.zookit.spring.cloud;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkTimeoutException;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.balance.Balancer;
import io.zookit.spring.ServiceRegistryCustomizer;
import io.zookit.testkit.ZkServer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.core.CachingServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

@Tag("full")
class DiscoveryIT {

  private ZkServer server;
  private ZkClient provider;

  @BeforeEach
  void start() {
    server = ZkServer.start();
    provider = ZkClient.connect(server.connectString());
  }

  @AfterEach
  void stop() {
    provider.close();
    server.close();
  }

  @CloudApplication
  static class Shop {

    final AtomicInteger heartbeats = new AtomicInteger();

    @EventListener
    void on(HeartbeatEvent event) {
      heartbeats.incrementAndGet();
    }

    @Bean
    ServiceRegistryCustomizer rule() {
      return builder -> builder.balancer(Balancer::leastConnections);
    }
  }

  private ConfigurableApplicationContext run() {
    return new SpringApplicationBuilder(Shop.class)
        .web(WebApplicationType.NONE)
        .properties(
            "zookit.connect=" + server.connectString(),
            "zookit.connect-timeout=1s",
            "spring.main.banner-mode=off")
        .run();
  }

  private static boolean isAged(org.springframework.cloud.client.ServiceInstance instance) {
    return requireNonNull(instance.getMetadata()).containsKey("zookit.age");
  }

  private Registration register(int port) throws InterruptedException {
    return ServiceRegistry.in(provider)
        .register(ServiceInstance.builder("stock", "localhost", port)
            .zone("a")
            .metadata(Map.of("color", "red"))
            .build())
        .awaitRegistered(Duration.ofMinutes(1));
  }

  @Test
  void getInstances_serviceWithInstances_hasThemAndTheirMetadata() throws Exception {
    register(8001);
    try (ConfigurableApplicationContext context = run()) {
      DiscoveryClient client = context.getBean(DiscoveryClient.class);
      assertThat(client.getServices()).containsExactly("stock");
      assertThat(client.getInstances("stock")).singleElement().satisfies(instance -> {
        assertThat(instance.getUri()).hasToString("http://localhost:8001");
        assertThat(instance.getMetadata())
            .containsEntry("zone", "a")
            .containsEntry("color", "red")
            .doesNotContainKey("zookit.age");
      });
      assertThat(client.getInstances("nothing")).isEmpty();
      ReactiveDiscoveryClient reactive = // a bean where WebFlux is on the class path
          new RegistryReactiveDiscoveryClient(context.getBean(FollowedServices.class));
      assertThat(reactive.getInstances("stock").collectList().block()).hasSize(1);
      assertThat(reactive.getServices().collectList().block()).contains("stock");

      Registration second = register(8002);
      await().until(() -> client.getInstances("stock").size() == 2);
      second.close();
      await().until(() -> client.getInstances("stock").size() == 1);
    }
  }

  @Test
  void heartbeat_isPublishedForChangesOnly() throws Exception {
    register(8001);
    try (ConfigurableApplicationContext context = run()) {
      Shop shop = context.getBean(Shop.class);
      DiscoveryClient client = context.getBean(DiscoveryClient.class);
      assertThat(shop.heartbeats).hasValue(0);
      client.getInstances("stock");
      await().until(() -> shop.heartbeats.get() == 1);
      for (int i = 0; i < 100; i++) {
        client.getInstances("stock");
      }
      assertThat(shop.heartbeats).hasValue(1);
      register(8002);
      await().until(() -> shop.heartbeats.get() == 2);
    }
  }

  @Test
  void getInstances_outage_hasTheLastOnesWithTheirAgeAndFailsForOthers() throws Exception {
    register(8001);
    try (ConfigurableApplicationContext context = run()) {
      DiscoveryClient client = context.getBean(DiscoveryClient.class);
      assertThat(client.getInstances("stock")).hasSize(1);

      server.stop();

      await().until(() -> client.getInstances("stock").stream().allMatch(DiscoveryIT::isAged));
      assertThat(client.getInstances("stock")).hasSize(1);
      assertThatThrownBy(() -> client.getInstances("other")).isInstanceOf(ZkTimeoutException.class);
    }
  }

  @Test
  void execute_call_isReportedToTheRule() throws Exception {
    register(8001);
    register(8002);
    try (ConfigurableApplicationContext context = run()) {
      LoadBalancerClient calls = context.getBean(LoadBalancerClient.class);
      context.getBean(DiscoveryClient.class).getInstances("stock");
      Set<Integer> ports = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        List<Integer> both = calls.execute(
            "stock",
            outer -> List.of(outer.getPort(), calls.execute("stock", inner -> inner.getPort())));
        assertThat(both).as("the one with a call in flight is not chosen").doesNotHaveDuplicates();
        ports.addAll(both);
      }
      assertThat(ports).containsExactlyInAnyOrder(8001, 8002);
      assertThatThrownBy(() -> calls.execute("stock", instance -> {
            throw new IOException("no answer");
          }))
          .isInstanceOf(IOException.class);
      assertThat(calls.choose("nothing")).isNull();
    }
  }

  @Test
  void supplier_isOursAndCachesNothing() throws Exception {
    register(8001);
    try (ConfigurableApplicationContext context = run()) {
      ServiceInstanceListSupplier supplier = context
          .getBean(LoadBalancerClientFactory.class)
          .getInstance("stock", ServiceInstanceListSupplier.class);
      assertThat(supplier)
          .isInstanceOf(RotationListSupplier.class)
          .isNotInstanceOf(CachingServiceInstanceListSupplier.class);
      assertThat(supplier.get().blockFirst()).hasSize(1);
      register(8002);
      await().until(() -> requireNonNull(supplier.get().blockFirst()).size() == 2);
    }
  }
}
