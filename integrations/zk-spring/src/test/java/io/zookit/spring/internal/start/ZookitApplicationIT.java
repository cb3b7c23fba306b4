package io.zookit.spring.internal.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.spring.TestApplication;
import io.zookit.spring.ZkClientCustomizer;
import io.zookit.spring.ZookitStartException;
import io.zookit.testkit.ZkServerExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An application as a user writes it, with the starter and nothing else. */
class ZookitApplicationIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final String root = zooKeeper.freshRoot();

  @TestApplication
  static class Shop {

    @Bean
    ZkClientCustomizer label() {
      return builder -> builder.label("shop-1");
    }
  }

  private SpringApplicationBuilder shop(String... properties) {
    return new SpringApplicationBuilder(Shop.class)
        .web(WebApplicationType.NONE)
        .properties(
            "zookit.connect=" + zooKeeper.connectString(),
            "zookit.root=" + root,
            "spring.main.banner-mode=off")
        .properties(properties);
  }

  @Test
  void run_andClose_leavesNoSession() throws Exception {
    zooKeeper.checkLeaks();
    try (ConfigurableApplicationContext context = shop().run()) {
      ZkClient client = context.getBean(ZkClient.class);
      try (Lease lease = DistributedLock.named("stock", client).acquire()) {
        assertThat(lease.isValid()).isTrue();
      }
      assertThat(client.root()).isEqualTo(root);
    }
  }

  @Test
  void run_childContext_sharesTheClientOfTheParent() {
    try (ConfigurableApplicationContext child =
        shop().child(Shop.class).web(WebApplicationType.NONE).run()) {
      ConfigurableApplicationContext parent =
          (ConfigurableApplicationContext) java.util.Objects.requireNonNull(child.getParent());
      assertThat(child.getBean(ZkClient.class)).isSameAs(parent.getBean(ZkClient.class));
      child.close();
      assertThat(parent.getBean(ZkClient.class).session().remaining()).isPositive();
      parent.close();
    }
  }

  @Test
  void run_wrongPassword_saysWhatToDo() {
    ZkClient.builder(zooKeeper.connectString())
        .root(root)
        .digest("shop", "right")
        .connect()
        .close();

    assertThatThrownBy(() ->
            shop("zookit.digest.user=shop", "zookit.digest.password=wrong").run())
        .hasRootCauseInstanceOf(Exception.class)
        .satisfies(failure -> assertThat(causes(failure))
            .filteredOn(ZookitStartException.class::isInstance)
            .singleElement()
            .satisfies(cause -> assertThat(cause)
                .hasMessageContaining("Correct zookit.digest.user")
                .hasMessageNotContaining("wrong")));
  }

  private static List<Throwable> causes(Throwable failure) {
    return java.util.stream.Stream.iterate(failure, java.util.Objects::nonNull, Throwable::getCause)
        .toList();
  }
}
