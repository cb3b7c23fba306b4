package io.zookit.spring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.spring.config.LiveShop.Prober;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;

@Tag("nightly")
class ManyReleasesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = ZkServerExtension.own();

  private static final int RELEASES = 1_000;

  /** Resources that must not grow. */
  private record Resources(int sessions, int watches, int ephemerals, int threads) {

    static Resources now(ZkServer server) {
      return new Resources(
          server.sessionCount(),
          server.watchCount(),
          (int) server.nodes().stream().filter(ZkNode::ephemeral).count(),
          ManagementFactory.getThreadMXBean().getThreadCount());
    }

    boolean isWithin(Resources before) {
      return sessions <= before.sessions
          && watches <= before.watches
          && ephemerals <= before.ephemerals
          && threads <= before.threads;
    }
  }

  @Test
  void publish_thousandReleases_leavesListenersThreadsAndSessionsConstant() throws Exception {
    try (LiveShop shop = new LiveShop(zooKeeper.connectString(), zooKeeper.freshRoot())) {
      shop.publishLimits("limits.max-orders=1\nlimits.pause=1s");
      shop.publishPrices(1);
      try (ConfigurableApplicationContext context = shop.importing().run()) {
        Prober prober = context.getBean(Prober.class);
        publish(shop, prober, 2, 100);
        int listeners = listeners(context);
        Resources before = Resources.now(zooKeeper.server());

        publish(shop, prober, 101, 100 + RELEASES);

        assertThat(listeners(context)).isEqualTo(listeners);
        await()
            .untilAsserted(() -> assertThat(Resources.now(zooKeeper.server()))
                .matches(now -> now.isWithin(before), "at most " + before));
      }
    }
  }

  private static void publish(LiveShop shop, Prober prober, int first, int last)
      throws InterruptedException {
    for (int i = first; i <= last; i++) {
      shop.publishPrices(i);
    }
    await().until(() -> prober.prices().get().low() == last);
  }

  private static int listeners(ConfigurableApplicationContext context) {
    return ((AbstractApplicationContext) context).getApplicationListeners().size();
  }
}
