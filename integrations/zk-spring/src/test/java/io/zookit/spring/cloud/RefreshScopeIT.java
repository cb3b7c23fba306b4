package io.zookit.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.spring.config.ConfigChangedEvent;
import io.zookit.testkit.ZkServerExtension;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

@Tag("full")
class RefreshScopeIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Namespace TEXTS = Namespace.of("test", "shop", "texts");

  private final String root = zooKeeper.freshRoot();

  @CloudApplication
  static class Shop {

    private final AtomicInteger titles = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final AtomicInteger events = new AtomicInteger();

    @Bean
    @RefreshScope
    Title title(@Value("${texts.title}") String text) {
      titles.incrementAndGet();
      return new Title();
    }

    @Bean
    @RefreshScope
    @ConfigurationProperties("footer")
    Footer footer() {
      others.incrementAndGet();
      return new Footer();
    }

    @Bean
    @RefreshScope
    @ConfigurationProperties("texts")
    Footer header() {
      return new Footer();
    }

    @EventListener
    @Order(Ordered.LOWEST_PRECEDENCE)
    void on(ConfigChangedEvent event) {
      events.incrementAndGet();
    }
  }

  /** Reads a key by its field. */
  static class Title {
    @Value("${texts.title}")
    private String text = "";

    String text() {
      return text;
    }
  }

  /** Reads a prefix. */
  static class Footer {
    private String title = "none";

    public void setTitle(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  @Test
  void refresh_release_createsOnlyTheBeansThatReadWhatItChanges() throws Exception {
    try (ZkClient operator =
        ZkClient.builder(zooKeeper.connectString()).root(root).connect()) {
      ConfigStore store = ConfigStore.in(operator);
      publish(store, "texts.title=one\nother.key=1\nfooter.title=end");
      try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
          .web(WebApplicationType.NONE)
          .properties(
              "zookit.connect=" + zooKeeper.connectString(),
              "zookit.root=" + root,
              "spring.config.import=zookit:" + TEXTS,
              "spring.main.banner-mode=off")
          .run()) {
        Shop shop = context.getBean(Shop.class);
        Title title = context.getBean(Title.class);
        Footer footer = context.getBean("footer", Footer.class);
        Footer header = context.getBean("header", Footer.class);
        assertThat(title.text()).isEqualTo("one");
        assertThat(header.title()).isEqualTo("one");
        assertThat(footer.title()).isEqualTo("end");

        publish(store, "texts.title=two\nother.key=1\nfooter.title=end");
        await().until(() -> title.text().equals("two"));
        await().until(() -> header.title().equals("two"));
        await().until(() -> shop.events.get() == 1);
        int created = shop.titles.get();
        assertThat(footer.title()).isEqualTo("end");
        assertThat(shop.others).as("footer").hasValue(1);

        publish(store, "texts.title=two\nother.key=2\nfooter.title=end");
        await().until(() -> shop.events.get() == 2);
        assertThat(title.text()).isEqualTo("two");
        assertThat(shop.titles).as("title").hasValue(created);
        assertThat(shop.others).as("footer").hasValue(1);
      }
    }
  }

  private static void publish(ConfigStore store, String text) throws InterruptedException {
    store.publish(TEXTS, Content.properties(text), Change.by("ana"));
  }
}
