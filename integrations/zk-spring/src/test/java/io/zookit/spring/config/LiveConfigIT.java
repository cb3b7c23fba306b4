package io.zookit.spring.config;

import static io.zookit.spring.config.LiveShop.ANA;
import static io.zookit.spring.config.LiveShop.LIMITS;
import static io.zookit.spring.config.LiveShop.PRICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.config.ConfigRejectedException;
import io.zookit.config.Content;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.core.ZkClient;
import io.zookit.spring.config.LiveShop.Limits;
import io.zookit.spring.config.LiveShop.Prices;
import io.zookit.spring.config.LiveShop.Prober;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.context.ConfigurableApplicationContext;

@Tag("full")
class LiveConfigIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final LiveShop shop = new LiveShop(zooKeeper.connectString(), zooKeeper.freshRoot());

  @AfterEach
  void close() {
    shop.close();
  }

  private static Limits limits(ConfigurableApplicationContext context) {
    return context.getBean(Prober.class).limits().get();
  }

  @Test
  void get_nextRelease_isInObjectsAndEnvironmentWithOneEvent() throws Exception {
    zooKeeper.checkLeaks();
    shop.publishLimits("limits.max-orders=200\nlimits.pause=5s");
    shop.publishPrices(7);
    try (ConfigurableApplicationContext context = shop.importing().run()) {
      Prober prober = context.getBean(Prober.class);
      assertThat(limits(context)).isEqualTo(new Limits(200, Duration.ofSeconds(5), "none"));
      assertThat(context.getEnvironment().getProperty("limits.max-orders")).isEqualTo("200");
      assertThat(OriginLookup.getOrigin(
              context.getEnvironment().getPropertySources().get("zookit:" + LIMITS),
              "limits.pause"))
          .hasToString("release 1 of " + LIMITS + ", stable, by ana");
      Prices prices = prober.prices().get();

      shop.publishLimits("limits.max-orders=300\nlimits.pause=5s\nlimits.notice=sale");

      await().until(() -> limits(context).maxOrders() == 300);
      assertThat(limits(context).notice()).isEqualTo("sale");
      assertThat(context.getEnvironment().getProperty("limits.notice")).isEqualTo("sale");
      assertThat(prober.prices().get()).as("not in that release").isSameAs(prices);
      await().until(() -> prober.events().size() == 1);
      assertThat(prober.events())
          .first()
          .isInstanceOfSatisfying(ConfigChangedEvent.class, event -> {
            assertThat(event.changes()).containsOnlyKeys(LIMITS);
            assertThat(event.changes().get(LIMITS)).hasSize(2);
            assertThat(event.generation().get(Limits.class)).isEqualTo(limits(context));
          });
    }
    shop.close();
  }

  @Test
  @Tag("full")
  void commit_badRelease_isRefusedWhole() throws Exception {
    shop.publishLimits("limits.max-orders=200\nlimits.pause=5s");
    shop.publishPrices(7);
    try (ConfigurableApplicationContext context = shop.importing().run()) {
      Prober prober = context.getBean(Prober.class);
      Limits good = limits(context);

      shop.publishLimits("limits.max-orders=666000\nlimits.pause=9s");
      await().until(() -> prober.events().size() == 1);
      assertThat(prober.events())
          .first()
          .isInstanceOfSatisfying(ConfigRejectedEvent.class, event -> {
            assertThat(event.namespace()).isEqualTo(LIMITS);
            assertThat(event.release()).isEqualTo(2);
            assertThat(event.problems())
                .singleElement()
                .asString()
                .contains("limits.max")
                .contains("1000")
                .doesNotContain("666000");
          });
      assertThat(limits(context)).isSameAs(good);
      assertThat(context.getEnvironment().getProperty("limits.pause")).isEqualTo("5s");

      shop.publishLimits("limits.max-orders=unreadable\nlimits.pause=9s");
      await().until(() -> prober.events().size() == 2);
      assertThat(prober.events().toString()).doesNotContain("unreadable");
      shop.publishLimits("limits.pause=9s");
      await().until(() -> prober.events().size() == 3);
      assertThat(prober.events().get(2).toString()).contains("limits.max-orders: missing");
      assertThat(limits(context)).isSameAs(good);
      assertThat(context.getEnvironment().getProperty("limits.max-orders")).isEqualTo("200");
      await()
          .untilAsserted(() -> assertThat(shop.store.instances(LIMITS))
              .singleElement()
              .extracting(InstanceReleaseStatus::toString)
              .asString()
              .contains("REJECTED", "limits.max-orders: missing"));

      shop.publishLimits("limits.max-orders=400\nlimits.pause=9s");
      await().until(() -> limits(context).maxOrders() == 400);
    }
  }

  @Test
  @Tag("full")
  void publishVerified_badRelease_isRefusedByTheApplication() throws Exception {
    shop.publishLimits("limits.max-orders=200\nlimits.pause=5s");
    shop.publishPrices(7);
    try (ConfigurableApplicationContext context = shop.importing().run()) {
      Limits good = limits(context);

      assertThatThrownBy(() -> shop.store.publishVerified(
              LIMITS,
              Content.properties("limits.max-orders=0\nlimits.pause=5s"),
              Duration.ofMinutes(1),
              ANA))
          .isInstanceOf(ConfigRejectedException.class)
          .hasMessageContaining("limits.max");

      assertThat(limits(context)).isSameAs(good);
      assertThat(shop.store.state(LIMITS).orElseThrow().stable()).hasValue(1);
    }
  }

  @Test
  @Tag("full")
  void generation_transactionOfTwoNamespaces_changesBothAtOnce() throws Exception {
    shop.publishLimits("limits.max-orders=1\nlimits.pause=1s");
    shop.publishPrices(1);
    try (ConfigurableApplicationContext context = shop.importing().run()) {
      Prober prober = context.getBean(Prober.class);
      AtomicBoolean over = new AtomicBoolean();
      AtomicLong mixed = new AtomicLong();
      AtomicLong newest = new AtomicLong();
      Thread reader = new Thread(() -> {
        while (!over.get()) {
          LiveGeneration one = prober.limits().generation();
          long orders = one.get(Limits.class).maxOrders();
          mixed.addAndGet(one.get(Prices.class).low() == orders ? 0 : 1);
          newest.set(orders);
        }
      });
      reader.start();
      for (int i = 2; i <= 60; i++) {
        shop.store.publish(
            Map.of(
                LIMITS,
                Content.properties("limits.max-orders=" + i + "\nlimits.pause=1s"),
                PRICES,
                LiveShop.prices(i)),
            ANA);
      }
      await().until(() -> newest.get() == 60);
      over.set(true);
      reader.join();
      assertThat(mixed).hasValue(0);
    }
  }

  @Test
  @Tag("full")
  void get_fiveHundredReleases_isNeverTornAndNeverADefault() throws Exception {
    shop.publishLimits("limits.max-orders=1\nlimits.pause=1s");
    shop.publishPrices(1);
    try (ConfigurableApplicationContext context = shop.importing().run()) {
      LiveConfig<Prices> prices = context.getBean(Prober.class).prices();
      AtomicBoolean over = new AtomicBoolean();
      AtomicLong torn = new AtomicLong();
      AtomicLong defaults = new AtomicLong();
      AtomicLong back = new AtomicLong();
      Thread reader = new Thread(() -> {
        long last = 0;
        while (!over.get()) {
          Prices now = prices.get();
          torn.addAndGet(now.low() == now.high() ? 0 : 1);
          defaults.addAndGet(now.low() == 0 || now.high() == 0 ? 1 : 0);
          back.addAndGet(now.low() < last ? 1 : 0);
          last = now.low();
        }
      });
      reader.start();
      for (int i = 2; i <= 501; i++) {
        shop.publishPrices(i);
      }
      await().until(() -> prices.get().low() == 501);
      over.set(true);
      reader.join();
      assertThat(torn).hasValue(0);
      assertThat(defaults).hasValue(0);
      assertThat(back).hasValue(0);
      assertThat(context.getBean(ZkClient.class).session().remaining()).isPositive();
    }
  }
}
