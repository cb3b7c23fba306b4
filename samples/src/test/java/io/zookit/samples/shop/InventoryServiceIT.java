package io.zookit.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.samples.shop.inventory.InventoryService;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
@Tag("full")
class InventoryServiceIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<ChangeCause> heard = new CopyOnWriteArrayList<>();

  @TempDir
  private Path folder;

  @Test
  void end_askedFor_isAGoodbyeToTheCallers() throws Exception {
    try (ZkServer server = ZkServer.start();
        ShopDatabase database = ShopDatabase.start(folder.resolve("run"), List.of("sku-1"), 1);
        ChildJvm inventory = start(server, database);
        ZkClient zk = ZkClient.connect(server.connectString());
        ServiceView view = ServiceRegistry.in(zk).discover("inventory")) {
      view.subscribe(new ServiceListener() {
        @Override
        public void onAdded(ServiceInstance instance, ChangeCause cause) {
          heard.add(cause);
        }

        @Override
        public void onRemoved(ServiceInstance last, ChangeCause cause) {
          heard.add(cause);
        }
      });
      await().atMost(LONG).until(() -> heard.size() == 1);

      inventory.terminate(LONG);

      await().atMost(LONG).until(() -> heard.size() == 2);
      assertThat(heard).containsExactly(ChangeCause.REGISTERED, ChangeCause.LEFT);
    }
  }

  private static ChildJvm start(ZkServer server, ShopDatabase database) {
    return ChildJvm.of(InventoryService.class)
        .args("--name", "inventory-1", "--root", "/zookit")
        .args("--connect", server.connectString(), "--database", database.url())
        .start();
  }
}
