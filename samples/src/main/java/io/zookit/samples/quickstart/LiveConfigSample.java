package io.zookit.samples.quickstart;

import io.zookit.config.Change;
import io.zookit.config.ConfigRejectedException;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.bind.Range;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Publishes settings to a running application, refuses a bad release, and rolls back. */
public final class LiveConfigSample {

  private static final Namespace LIMITS = Namespace.of("dev", "sample", "limits");

  /** Settings as the application reads them, checked before any of them is used. */
  record OrderLimits(@Range(min = "1", max = "1000") int maxOrders, Duration pause) {}

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null;
        ZkClient zk = ZkClient.connect(server == null ? args[0] : server.connectString())) {
      run(ConfigStore.builder(zk).requiring(LIMITS, OrderLimits.class).build());
    }
  }

  private static void run(ConfigStore store) throws Exception {
    BlockingQueue<OrderLimits> applied = new LinkedBlockingQueue<>();
    Change byAna = Change.by("ana").because("quick start");
    Release first = store.publish(LIMITS, Content.properties("max-orders=200\npause=5s"), byAna);
    try (LiveValue<OrderLimits> live = store.bind(LIMITS, OrderLimits.class)) {
      live.subscribe(applied::add);
      System.out.println("release " + first.number() + ": " + await(200, applied));

      store.update(LIMITS, now -> now.with("max-orders", "300"), Change.by("bob"));
      System.out.println("one value changed: " + await(300, applied));

      System.out.println("max-orders=many: " + publishBroken(store, byAna));

      Release back = store.rollback(LIMITS, first.number(), byAna);
      System.out.println("release " + back.number() + " rolls back: " + await(200, applied));
      System.out.println("read at any time without a request: " + live.current());
    }
  }

  private static String publishBroken(ConfigStore store, Change change) throws Exception {
    try {
      store.update(LIMITS, now -> now.with("max-orders", "many"), change);
      throw new IllegalStateException("a release that does not bind was published");
    } catch (ConfigRejectedException e) {
      return "refused, " + e.problems().get(0);
    }
  }

  /** Waits until the application has been given certain settings. */
  private static OrderLimits await(int maxOrders, BlockingQueue<OrderLimits> applied)
      throws Exception {
    OrderLimits next = applied.poll(30, TimeUnit.SECONDS);
    while (next != null && next.maxOrders() != maxOrders) {
      next = applied.poll(30, TimeUnit.SECONDS);
    }
    if (next == null) {
      throw new IllegalStateException("max-orders=" + maxOrders + " was not applied within 30 s");
    }
    return next;
  }
}
