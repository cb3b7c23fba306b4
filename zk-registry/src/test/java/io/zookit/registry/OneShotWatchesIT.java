package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.testkit.ZkServerExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** A server whose watch manager has no persistent watches. Its setting is one of the whole JVM. */
@Tag("full")
@Isolated
class OneShotWatchesIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension(
      Map.of("watchManagerName", "org.apache.zookeeper.server.watch.WatchManagerOptimized"));

  OneShotWatchesIT() {
    super(zooKeeper);
  }

  @Test
  @Tag("full")
  void view_withoutPersistentWatches_followsEveryChange() throws Exception {
    Party provider = join();
    Party consumer = join();
    Recorded told = new Recorded();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    view.subscribe(told);
    List<Registration> three = registerMany(provider, 3);
    await().until(() -> view.current().size() == 3);
    for (int weight = 1; weight <= 3; weight++) {
      int next = weight;
      three.get(0).update(old -> old.withWeight(next));
      await().until(() -> view.current().get(0).weight() == next);
    }
    three.get(1).close();
    await().until(() -> view.current().size() == 2);
    consumer.blip();
    await().until(() -> consumer.recorded.count("live") == 2);
    provider.registry.register(instance(9)).awaitRegistered(LONG);
    await().until(() -> view.current().size() == 3);
    three.get(2).update(old -> old.withWeight(8));
    await().until(() -> view.current().contains(instance(2).withWeight(8)));
    assertThat(told.lines()).contains("removed i1 10.0.0.7:8001 LEFT");
  }

  @Test
  @Tag("full")
  void overview_withoutPersistentWatches_isReadRegularly() throws Exception {
    Party provider = join();
    LiveValue<List<ServiceSummary>> overview = join().registry.overview().awaitReady(LONG);
    registerMany(provider, 2);
    await()
        .atMost(LONG)
        .until(() -> overview.current().size() == 1 && overview.current().get(0).instances() == 2);
  }

  @Test
  void close_withoutPersistentWatches_takesAllWatchesOff() throws Exception {
    Party provider = joinWithoutReconciler();
    Party consumer = join();
    registerMany(provider, 5);
    consumer.settle();
    int watches = server.watchCount();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    await().until(() -> server.watchCount() > watches + 5);
    view.close();
    await().until(() -> server.watchCount() <= watches);
  }
}
