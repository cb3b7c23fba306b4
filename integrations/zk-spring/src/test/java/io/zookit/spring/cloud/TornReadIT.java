package io.zookit.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.spring.config.EnableLiveProperties;
import io.zookit.spring.config.LiveConfig;
import io.zookit.spring.config.LiveProperties;
import io.zookit.testkit.ZkServerExtension;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Two properties that are always published as equal, read by a bean that Spring Cloud binds again and by ours. */
@Tag("full")
class TornReadIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Namespace PRICES = Namespace.of("test", "shop", "prices");
  private static final int RELEASES = 500;

  private final String root = zooKeeper.freshRoot();

  /** Bound once for each release, to a new object. */
  @LiveProperties("prices")
  record LivePrices(
      @DefaultValue("0") long low, @DefaultValue("0") long high) {}

  /** Bound again in place. */
  @ConfigurationProperties("prices")
  static class MutablePrices {
    private volatile long low;
    private volatile long high;

    public void setLow(long low) {
      this.low = low;
    }

    public void setHigh(long high) {
      this.high = high;
    }
  }

  @CloudApplication
  @EnableConfigurationProperties(MutablePrices.class)
  @EnableLiveProperties(LivePrices.class)
  static class Shop {

    @Bean
    Prices prices(LiveConfig<LivePrices> live, MutablePrices mutable) {
      return new Prices(live, mutable);
    }
  }

  /** Both ways to the same properties. */
  record Prices(LiveConfig<LivePrices> live, MutablePrices mutable) {

    /** The difference of the two prices; the object is taken once. */
    long liveDifference() {
      LivePrices now = live.get();
      return now.high() - now.low();
    }

    long mutableDifference() {
      return mutable.high - mutable.low;
    }
  }

  private static Thread reader(LongSupplier difference, AtomicLong torn, AtomicBoolean over) {
    Thread reader = new Thread(() -> {
      while (!over.get()) {
        torn.addAndGet(difference.getAsLong() == 0 ? 0 : 1);
      }
    });
    reader.start();
    return reader;
  }

  @Test
  void get_manyReleases_isTornInABeanThatIsReboundAndNeverInOurs() throws Exception {
    try (ZkClient operator =
        ZkClient.builder(zooKeeper.connectString()).root(root).connect()) {
      ConfigStore store = ConfigStore.in(operator);
      publish(store, 1);
      try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
          .web(WebApplicationType.NONE)
          .properties(
              "zookit.connect=" + zooKeeper.connectString(),
              "zookit.root=" + root,
              "zookit.cloud.rebind=true",
              "spring.config.import=zookit:" + PRICES,
              "spring.main.banner-mode=off")
          .run()) {
        Prices prices = context.getBean(Prices.class);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong tornLive = new AtomicLong();
        AtomicLong tornMutable = new AtomicLong();
        Thread live = reader(prices::liveDifference, tornLive, over);
        Thread mutable = reader(prices::mutableDifference, tornMutable, over);
        int last = 1;
        while (last <= RELEASES || (tornMutable.get() == 0 && last <= 10 * RELEASES)) {
          publish(store, ++last);
        }
        int newest = last;
        await().until(() -> prices.live().get().low() == newest);
        await().until(() -> prices.mutable().low == newest);
        over.set(true);
        live.join();
        mutable.join();

        assertThat(tornMutable.get()).as("reads that mix two releases, rebound").isPositive();
        assertThat(tornLive.get()).as("reads that mix two releases, ours").isZero();
      }
    }
  }

  private static void publish(ConfigStore store, long price) throws InterruptedException {
    store.publish(
        PRICES,
        Content.properties("prices.low=" + price + "\nprices.high=" + price),
        Change.by("ana"));
  }
}
