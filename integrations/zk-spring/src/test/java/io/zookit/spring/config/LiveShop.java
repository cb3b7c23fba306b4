package io.zookit.spring.config;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.spring.TestApplication;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

/** An application with live configuration, and an operator that publishes to it. */
final class LiveShop implements AutoCloseable {

  static final Namespace LIMITS = Namespace.of("test", "shop", "limits");
  static final Namespace PRICES = Namespace.of("test", "shop", "prices");
  static final Change ANA = Change.by("ana");

  private final String connect;
  private final String root;
  private final ZkClient operator;
  final ConfigStore store;

  /** Bound from the namespace of limits. */
  @LiveProperties("limits")
  record Limits(
      @Min(1) @Max(1_000) int maxOrders,
      Duration pause,
      @DefaultValue("none") String notice) {}

  /** Bound from the namespace of prices. */
  @LiveProperties("prices")
  record Prices(
      @DefaultValue("0") long low, @DefaultValue("0") long high) {}

  /** The application. */
  @TestApplication
  static class Application {

    @Bean
    Prober prober(LiveConfig<Limits> limits, LiveConfig<Prices> prices) {
      return new Prober(limits, prices, new CopyOnWriteArrayList<>());
    }
  }

  /** A bean as a user writes it. */
  record Prober(LiveConfig<Limits> limits, LiveConfig<Prices> prices, List<Object> events) {

    @EventListener({ConfigChangedEvent.class, ConfigRejectedEvent.class})
    void on(Object event) {
      events.add(
          event instanceof ApplicationEvent wrapped
                  && wrapped instanceof PayloadApplicationEvent<?> payload
              ? payload.getPayload()
              : event);
    }
  }

  LiveShop(String connect, String root) {
    this.connect = connect;
    this.root = root;
    this.operator = ZkClient.builder(connect).root(root).connect();
    this.store = ConfigStore.in(operator);
  }

  SpringApplicationBuilder application(String... properties) {
    List<String> all = new ArrayList<>(
        List.of("zookit.connect=" + connect, "zookit.root=" + root, "spring.main.banner-mode=off"));
    all.addAll(Arrays.asList(properties));
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties(all.toArray(String[]::new));
  }

  SpringApplicationBuilder importing(String... properties) {
    String imports = "spring.config.import=zookit:" + LIMITS + ",zookit:" + PRICES;
    return application(
        Stream.concat(Stream.of(imports), Arrays.stream(properties)).toArray(String[]::new));
  }

  void publishLimits(String text) throws InterruptedException {
    store.publish(LIMITS, Content.properties(text), ANA);
  }

  void publishPrices(long price) throws InterruptedException {
    store.publish(PRICES, prices(price), ANA);
  }

  static Content prices(long price) {
    return Content.properties("prices.low=" + price + "\nprices.high=" + price);
  }

  @Override
  public void close() {
    operator.close();
  }
}
