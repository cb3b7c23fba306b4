package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.Identity;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit access}: which identities play which role, kept in ZooKeeper. */
@Tag("full")
@Timeout(300)
class AccessCommandsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Namespace LIMITS = Namespace.parse("prod/shop/limits");
  private static final String ADMIN = id("admin");
  private static final String APP = id("app");

  @TempDir
  private Path home;

  private final String root = zooKeeper.freshRoot();
  private Desk desk = new Desk(Path.of(""));

  private static String id(String user) {
    return Identity.digest(user, user + "-secret").asText();
  }

  @BeforeEach
  void sit() {
    desk = as("admin");
  }

  private Desk as(String user) {
    return new Desk(home)
        .with("ZOOKIT_CONNECT", zooKeeper.connectString())
        .with("ZOOKIT_USER", user)
        .with("ZOOKIT_PASSWORD", user + "-secret");
  }

  @Test
  @Tag("full")
  void grant_application_readsWhatIsPublishedBeforeAndAfter() throws Exception {
    publish("max=1");
    ok("access init --admin " + ADMIN + " --yes");
    ok("access grant application " + APP);
    ok("access apply --yes");
    try (ZkClient app = client("app")) {
      assertThat(max(app)).isEqualTo("1");
      assertThat(app.incarnation()).isEqualTo(1);
    }
    publish("max=2");
    try (ZkClient app = client("app")) {
      assertThat(max(app)).isEqualTo("2");
      DistributedLock.named("first/of/all", app).acquire(Desk.LONG).close();
    }
    assertThat(ok("access show")).contains("with another list    0");
  }

  @Test
  @Tag("full")
  void init_again_isRefusedAndNamesTheNode() {
    ok("access init --admin " + ADMIN + " --yes");
    Outcome again = zookit("access init --admin " + APP + " --admin " + ADMIN + " --yes");
    assertThat(again.code()).isEqualTo(5);
    assertThat(again.err()).contains(root + "/~access: there is an access policy");
    assertThat(ok("access show")).doesNotContain("digest:app");
  }

  @Test
  void init_callerIsNoAdmin_isRefusedAndStoresNothing() {
    String wrongHash = Identity.digest("admin", "mistyped").asText();
    Outcome refused = zookit("access init --admin " + wrongHash + " --yes");
    assertThat(refused.code()).isEqualTo(5);
    assertThat(refused.err()).contains("would not be an admin any more; nothing was changed");
    assertThat(zookit("access show").code()).isEqualTo(3);
    assertThat(children()).doesNotContain("~access", "locks");

    assertThat(zookit("access init --admin " + wrongHash + " --yes --yes-lock-me-out")
            .code())
        .isZero();
    assertThat(zookit("access show").code()).isEqualTo(6);
  }

  @Test
  void init_withoutCredentials_isRefused() {
    Desk nobody = new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString());
    Outcome refused = nobody.type("access init --admin " + ADMIN + " --yes --root " + root);
    assertThat(refused.code()).isEqualTo(5);
    assertThat(children()).doesNotContain("~access");
  }

  @Test
  void init_badIdentity_isAUsageErrorAndShowsNoHash() {
    for (String bad : List.of("admin", "digest:admin", ":x", "digest:a:b:c")) {
      Outcome refused = zookit("access init --admin " + bad + " --yes");
      assertThat(refused.code()).as(bad).isEqualTo(2);
      assertThat(refused.err()).contains("expected: digest:NAME:HASH");
    }
    assertThat(children()).doesNotContain("~access");
  }

  @Test
  @Tag("full")
  void revoke_lastAdminOrOneself_isRefusedUnlessSaid() {
    ok("access init --admin " + ADMIN + " --yes");
    assertThat(zookit("access revoke admin " + ADMIN).code()).isEqualTo(5);
    ok("access grant admin " + id("second"));
    ok("access apply --yes");
    Outcome oneself = zookit("access revoke admin " + ADMIN);
    assertThat(oneself.code()).isEqualTo(5);
    assertThat(oneself.err()).contains("would not be an admin any more");
    assertThat(zookit("access revoke viewer " + APP).code()).isEqualTo(3);

    assertThat(as("second").type("access revoke admin " + ADMIN + " --root " + root))
        .isEqualTo(new Outcome(
            0,
            "",
            "digest:admin does not play the role admin any more; nodes that exist keep their"
                + " lists until zookit access apply\n"));
    assertThat(zookit("access grant viewer " + APP).code()).isEqualTo(6);
  }

  @Test
  @Tag("full")
  void apply_nodesOfOthers_areNamedAsNotChanged() throws Exception {
    ok("access init --admin " + ADMIN + " --yes");
    String closed = root + "/locks/closed";
    String open = root + "/locks/open";
    try (ZooKeeper bob = plain("bob");
        ZkClient admin = client("admin")) {
      DistributedLock.named("open", admin).acquire(Desk.LONG).close();
      ok("access grant application " + id("bob"));
      ok("access apply --yes");
      bob.create(closed, new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
      bob.create(open + "/world", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

      assertThat(ok("access show"))
          .contains("with another list    2")
          .contains("open to the world    1")
          .contains("its list cannot be read; what is below it cannot be listed")
          .contains(closed)
          .contains(open + "/world");
      assertThat(zookit("access apply --dry-run").err()).contains("would do: give 2 of ");
      Outcome applied = zookit("access apply --yes");
      assertThat(applied.code()).isEqualTo(1);
      assertThat(applied.err())
          .contains("1 nodes changed, 1 not changed")
          .contains(closed + ": not changed, no ADMIN permission")
          .doesNotContain("/world:");
      assertThat(ok("access show")).contains("open to the world    0");
    }
  }

  /** A root of an earlier version has no such folder, and an operator may not create it. */
  @Test
  void apply_auditFolderDoesNotExist_isCreatedAndChangesOfOperatorsHaveEntries() throws Exception {
    ok("access init --admin " + ADMIN + " --yes");
    ok("access grant operator " + id("op"));
    ok("access apply --yes");
    try (ZooKeeper admin = plain("admin")) {
      ZKUtil.deleteRecursive(admin, root + "/audit");
    }
    assertThat(children()).doesNotContain("audit");
    assertThat(ok("access show")).contains(root + "/audit").contains("does not exist");
    assertThat(zookit("access apply --dry-run").err()).contains("would do: give 1 of ");
    assertThat(children()).doesNotContain("audit");

    assertThat(zookit("access apply --yes").err()).contains("1 nodes changed, 0 not changed");
    assertThat(children()).contains("audit");
    assertThat(zookit("access show").out()).doesNotContain("does not exist");
    breakALock(as("op"));
    assertThat(ok("audit list")).contains("lock.break");
  }

  private void breakALock(Desk operator) throws Exception {
    try (ZkClient holder = client("admin")) {
      Lease held = DistributedLock.named("held", holder).acquire(Desk.LONG);
      Outcome broken = operator.type("lock break held --yes --root " + root);
      assertThat(broken.code()).as(broken.toString()).isZero();
      held.close();
    }
  }

  @Test
  void show_json_hasRolesAndCounts() {
    ok("access init --admin " + ADMIN + " --yes");
    ok("access grant viewer " + APP);
    assertThat(ok("access show -o json"))
        .contains("\"root\": \"" + root + "\"")
        .contains("\"" + APP + "\"")
        .contains("\"asPolicy\": ")
        .contains("\"open\": 0");
  }

  @Test
  @Tag("full")
  void grant_schemeTheServersDoNotKnow_isRefused() {
    ok("access init --admin " + ADMIN + " --yes");
    Outcome refused = zookit("access grant viewer x509:CN=eve");
    assertThat(refused.code()).isEqualTo(5);
    assertThat(refused.err()).contains("the servers do not know the scheme");
    assertThat(ok("access show")).doesNotContain("CN=eve");
  }

  @Test
  void show_noPolicy_isNotFound() {
    Outcome none = zookit("access show");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("no access policy is stored");
  }

  @Test
  @Tag("full")
  void grant_noPolicy_orUnknownRole_isRefused() {
    assertThat(zookit("access grant viewer " + APP).code()).isEqualTo(5);
    Outcome unknown = zookit("access grant boss " + APP);
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("ROLE: \"boss\" (expected: application, viewer");
  }

  @Test
  @Tag("full")
  void configAccess_pointsToItsSuccessor() {
    Outcome moved = zookit("config access --grant application=" + APP + " --yes");
    assertThat(moved.code()).isEqualTo(2);
    assertThat(moved.err()).contains("expected: zookit access init, grant and apply");
  }

  @Test
  void identity_ofAPasswordOnTheInput_isWhatGrantTakes() {
    assertThat(desk.reading("app-secret\n").type("access identity app"))
        .isEqualTo(new Outcome(0, APP + "\n", ""));
  }

  private List<String> children() {
    return zooKeeper.server().nodes(root).stream()
        .map(ZkNode::path)
        .filter(path -> path.startsWith(root + "/"))
        .map(path -> path.substring(root.length() + 1))
        .toList();
  }

  /** The client library itself, with the password of a user. */
  private ZooKeeper plain(String user) throws Exception {
    ZooKeeper client = new ZooKeeper(zooKeeper.connectString(), 30_000, event -> {});
    client.addAuthInfo("digest", (user + ":" + user + "-secret").getBytes(StandardCharsets.UTF_8));
    return client;
  }

  /** By another tool, which was built with no policy. */
  private void publish(String text) throws InterruptedException {
    try (ZkClient client = client("admin")) {
      ConfigStore.in(client).publish(LIMITS, Content.properties(text), Change.by("ana"));
    }
  }

  private static String max(ZkClient client) throws InterruptedException {
    return ConfigStore.in(client)
        .follow(LIMITS)
        .awaitReady(Desk.LONG)
        .current()
        .get("max")
        .orElse("");
  }

  private Outcome zookit(String command) {
    return desk.type(command + " --root " + root);
  }

  private String ok(String command) {
    Outcome outcome = zookit(command);
    assertThat(outcome.code()).as(command + ": " + outcome).isZero();
    return outcome.out();
  }

  private ZkClient client(String user) {
    return ZkClient.builder(zooKeeper.connectString())
        .root(root)
        .digest(user, user + "-secret")
        .connectTimeout(Desk.LONG)
        .connect();
  }
}
