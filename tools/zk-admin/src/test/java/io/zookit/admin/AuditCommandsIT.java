package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit audit}: what commands of all groups leave in it. */
@Tag("full")
class AuditCommandsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private final String root = zooKeeper.freshRoot();

  @Test
  void audit_ofChangesOfEveryModule_isListedExportedAndVerified() throws Exception {
    Desk desk =
        new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString()).with("USER", "ana");
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .root(root)
        .label("shop on test")
        .connectTimeout(Desk.LONG)
        .connect()) {
      Lease held = DistributedLock.named("stock/sku-42", client).acquire(Desk.LONG);
      assertThat(held.isValid()).isTrue();
      ok(desk, "lock revoke stock/sku-42 --reason tidy");
      ok(desk, "lock break stock/sku-42 --yes");
      ServiceInstance shop = ServiceInstance.at("shop", "10.0.0.7", 8080).withId("shop-1");
      ServiceRegistry.in(client).register(shop).awaitRegistered(Desk.LONG);
      ok(desk, "service disable shop/shop-1 --yes");
    }

    Outcome listed = desk.type("audit list -o json --root " + root);
    assertThat(listed.code()).as(listed.toString()).isZero();
    assertThat(listed.out())
        .contains("\"lock.revoke\"", "\"lock.break\"", "\"service.policy\"")
        .contains("held by shop on test", "tidy", "instance shop-1: disabled", "\"by\": \"ana\"");
    assertThat(desk.type("audit list -o name --root " + root).out().lines().toList())
        .hasSize(3)
        .allMatch(name -> name.startsWith(today() + "/"));
    Outcome exported = desk.type("audit export -o json --root " + root);
    assertThat(exported
            .out()
            .lines()
            .map(line -> line.replaceAll(".*\"action\": ?\"([a-z.]+)\".*", "$1")))
        .containsExactly("lock.revoke", "lock.break", "service.policy");
    assertThat(desk.type("audit export --to 2000-01-01 --root " + root).out()).isEmpty();
    assertThat(desk.type("audit export --from soon --root " + root).code()).isEqualTo(2);
    ok(desk, "audit verify");
    ok(desk, "audit gc --yes");

    edit("/audit/" + today().replace("-", "") + "/0000000002");
    assertThat(desk.type("audit verify --root " + root).code()).isEqualTo(5);
    Outcome damaged = desk.type("audit list --root " + root);
    assertThat(damaged.code()).isEqualTo(1);
    assertThat(damaged.out()).contains("entry 2 cannot be read", "lock.revoke");
  }

  private void ok(Desk desk, String command) {
    Outcome outcome = desk.type(command + " --root " + root);
    assertThat(outcome.code()).as(command + ": " + outcome).isZero();
  }

  private static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }

  private void edit(String node) throws Exception {
    ZooKeeper zk = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    try {
      await().atMost(Desk.LONG).until(() -> zk.getState().isConnected());
      zk.setData(root + node, new byte[] {1}, -1);
    } finally {
      zk.close();
    }
  }
}
