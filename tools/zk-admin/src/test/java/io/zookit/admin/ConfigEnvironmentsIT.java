package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.gray.Instance;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit config}: the commands over several namespaces and environments. */
@Tag("full")
class ConfigEnvironmentsIT {

  private static final String STAGING = " staging/checkout/limits ";
  private static final String PROD = " prod/checkout/limits ";

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private ConfigWorld world = new ConfigWorld("", "", Path.of(""));
  private String keys = "";

  @BeforeEach
  void open() throws Exception {
    world = new ConfigWorld(zooKeeper.connectString(), zooKeeper.freshRoot(), home);
    Path file = Files.writeString(
        home.resolve("keys"), "one=" + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    keys = " --keys " + file;
    world.ok("ns create" + STAGING);
    world.ok("set" + STAGING + "maxOrders=100 burst=5");
    world.ok("set" + STAGING + "--secret token=hunter2" + keys);
    world.ok("publish" + STAGING + "-m first" + keys);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void copyAndCompare_betweenEnvironments_areGolden() {
    Golden.check("config/copy-dry-run.txt", world.ok("copy" + STAGING + PROD + "--dry-run" + keys));
    assertThat(world.zookit("get" + PROD).code()).isEqualTo(3);
    Golden.check("config/copy.txt", world.ok("copy" + STAGING + PROD + keys));
    Golden.check("config/compare-same.txt", world.ok("compare" + STAGING + PROD + keys));
    world.ok("set" + PROD + "maxOrders=200");
    world.ok("set" + PROD + "--secret token=hunter3" + keys);
    world.ok("publish" + PROD + keys);

    Golden.check("config/compare.txt", world.ok("compare" + STAGING + PROD + keys));
    Golden.check("config/compare.json", world.ok("compare" + STAGING + PROD + "-o json" + keys));
    assertThat(world.zookit("compare" + STAGING + PROD + "--exit-code" + keys).code())
        .isEqualTo(1);
    Outcome blind = world.zookit("compare" + STAGING + PROD);
    assertThat(blind.err()).contains("not compared", "token");
    assertThat(blind.out() + blind.err()).doesNotContain("hunter");

    world.ok("copy" + STAGING + PROD + "--draft from-staging" + keys);
    assertThat(world.ok("draft list" + PROD + "-o name")).isEqualTo("from-staging\n");
    assertThat(world.zookit("copy" + STAGING + STAGING + keys).code()).isEqualTo(2);
    assertThat(world.zookit("copy" + STAGING + PROD + "-r 9" + keys).code()).isEqualTo(3);
    assertThat(world.zookit("copy" + STAGING + PROD).code()).isEqualTo(6);
  }

  @Test
  void search_overNamespaces_isGoldenAndShowsWhatCannotBeRead() throws Exception {
    world.ok("copy" + STAGING + PROD + keys);
    Golden.check("config/search.txt", world.ok("search maxOrders"));
    Golden.check("config/search.json", world.ok("search 'to*' prod/ -o json"));
    assertThat(world.ok("search nothing -o json")).isEqualTo("[]\n");

    damage(PROD.strip() + "/head");
    Outcome damaged = world.zookit("search maxOrders");
    assertThat(damaged.code()).isEqualTo(1);
    assertThat(damaged.out()).contains("staging/checkout/limits", "cannot be read: ");
    assertThat(damaged.err()).contains("cannot be read: prod/checkout/limits");
  }

  @Test
  void audit_ofAll_isGoldenAndShowsWhatCannotBeRead() throws Exception {
    world.ok("copy" + STAGING + PROD + keys);
    world.ok("policy set" + PROD + "--keep-newest 5 -m rules");
    Golden.check("config/audit-all.txt", world.ok("audit --all"));
    Golden.check("config/audit-all.json", world.ok("audit --all prod/ -n 2 -o json"));
    assertThat(world.zookit("audit").code()).isEqualTo(2);
    assertThat(world.zookit("audit --all --verify").code()).isEqualTo(2);

    damage(STAGING.strip() + "/audit/0000000001");
    Outcome damaged = world.zookit("audit --all");
    assertThat(damaged.code()).isEqualTo(1);
    assertThat(damaged.out()).contains("prod/checkout/limits", "cannot be read: ");
  }

  @Test
  void who_ofARelease_namesTheInstancesThatRunIt() throws Exception {
    world.ok("ns create" + PROD);
    world.ok("set" + PROD + "maxOrders=100");
    world.ok("publish" + PROD);
    world.follower(Instance.named("shop-1"));
    world.follower(Instance.named("shop-2"));
    await()
        .atMost(Desk.LONG)
        .until(() -> world.ok("who" + PROD + "-o name").equals("shop-1\nshop-2\n"));
    world.ok("set" + PROD + "maxOrders=200");
    world.ok("gray start" + PROD + "trial --to 'instance in (shop-2)'");
    await()
        .atMost(Desk.LONG)
        .until(() -> world.ok("who" + PROD + "@gray/trial -o name").equals("shop-2\n"));
    assertThat(world.ok("who" + PROD + "1 -o name")).isEqualTo("shop-1\n");
    assertThat(world.zookit("who" + PROD + "9").code()).isEqualTo(3);
  }

  private void damage(String node) throws Exception {
    String[] parts = node.split("/", 2);
    ZooKeeper zk = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    try {
      await().atMost(Desk.LONG).until(() -> zk.getState().isConnected());
      zk.setData(world.root() + "/config/" + parts[0] + "/apps/" + parts[1], new byte[] {1}, -1);
    } finally {
      zk.close();
    }
  }
}
