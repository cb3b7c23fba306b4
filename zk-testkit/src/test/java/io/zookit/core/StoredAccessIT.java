package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** The access policy that is stored in ZooKeeper, and what clients take from it. */
@Timeout(300)
@Isolated // looks at the output of the whole JVM
@Tag("full")
class StoredAccessIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Identity ADMIN = Identity.digest("admin", "admin-secret");
  private static final Identity APP = Identity.digest("app", "app-secret");
  private static final Identity EVE = Identity.digest("eve", "eve-secret");

  private final String root = zooKeeper.freshRoot();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void init_freshRoot_createsEveryFolderWithItsList() throws Exception {
    ZkClient admin = client("admin");
    AccessControl.Survey top =
        control(admin).init(AccessPolicy.sharedBy(ADMIN).withRole(Role.APPLICATION, APP));
    assertThat(top.deviations()).isEmpty();

    ZooKeeper handle = Sessioned.of(admin).zooKeeper();
    assertThat(handle.getChildren(root, false))
        .contains("~access", "~incarnation", "locks", "locks-state", "latches", "barriers")
        .contains("services", "service-beats", "service-consumers", "config", "config-acks")
        .contains("jobs", "job-nodes", "ids", "groups");
    assertThat(list(handle, root)).containsOnly(all(ADMIN), entry(APP, Perms.READ));
    assertThat(list(handle, root + "/~access")).containsOnly(all(ADMIN), entry(APP, Perms.READ));
    assertThat(list(handle, root + "/locks"))
        .containsOnly(all(ADMIN), entry(APP, Perms.READ | Perms.CREATE));
    assertThat(control(admin).survey().deviations()).isEmpty();
    assertThat(control(admin).policy())
        .contains(AccessPolicy.sharedBy(ADMIN).withRole(Role.APPLICATION, APP));
  }

  @Test
  void noPolicyStored_countsTheBuilders() throws Exception {
    ZkClient admin = client("admin", AccessPolicy.sharedBy(ADMIN, EVE));
    assertThat(control(admin).policy()).isEmpty();
    assertThat(listOfNew(admin, "one")).containsOnly(all(ADMIN), all(EVE));
    assertThatThrownBy(() -> control(admin).grant(Role.VIEWER, APP))
        .isInstanceOf(AccessControl.RefusedException.class)
        .hasMessageContaining("no access policy is stored");
  }

  @Test
  void policyStored_winsOverTheBuildersWithOneWarning() throws Exception {
    control(client("admin")).init(AccessPolicy.sharedBy(ADMIN));
    String log = logOf(() -> {
      ZkClient other = client("admin", AccessPolicy.sharedBy(ADMIN, EVE));
      assertThat(listOfNew(other, "one")).containsOnly(all(ADMIN));
    });
    assertThat(
            log.lines().filter(line -> line.contains("WARN") && line.contains(root + "/~access")))
        .singleElement()
        .asString()
        .contains("the stored one is in force");
    log = logOf(() -> assertThat(listOfNew(client("admin"), "two")).containsOnly(all(ADMIN)));
    assertThat(log).doesNotContain("~access: differs");
  }

  @Test
  void policyChanged_isFollowedByClientsThatAreConnected() throws Exception {
    ZkClient admin = client("admin");
    ZkClient follower = client("admin");
    assertThat(listOfNew(follower, "before")).containsOnly(all(ADMIN));
    control(admin).init(AccessPolicy.sharedBy(ADMIN));
    control(admin).grant(Role.VIEWER, EVE);
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(listOfNew(follower, next()))
            .containsOnly(all(ADMIN), entry(EVE, Perms.READ)));
    control(admin).revoke(Role.VIEWER, EVE);
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(listOfNew(follower, next())).containsOnly(all(ADMIN)));
  }

  @Test
  void policyStored_clientThatWasAway_knowsItBeforeItCreatesAnything() throws Exception {
    ZkClient admin = client("admin");
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server());
        ZkClient away = builder(proxy.connectString(), "admin").connect()) {
      proxy.refuse();
      proxy.cut();
      await().atMost(LONG).until(() -> away.session().state() != SessionState.CONNECTED);
      control(admin).init(AccessPolicy.sharedBy(ADMIN).withRole(Role.VIEWER, EVE));
      Sessioned.own(away, "mine"); // is created at the reconnect
      proxy.heal();
      ZooKeeper handle = Sessioned.of(admin).zooKeeper();
      await()
          .atMost(LONG)
          .ignoreExceptionsInstanceOf(NoNodeException.class)
          .untilAsserted(() -> assertThat(list(handle, root + "/mine"))
              .containsOnly(all(ADMIN), entry(EVE, Perms.READ)));
    }
  }

  @Test
  void policyThatOthersMayChange_isNotObeyed() throws Exception {
    ZkClient admin = client("admin");
    control(admin).init(AccessPolicy.sharedBy(ADMIN));
    control(admin).grant(Role.VIEWER, APP);
    ZooKeeper handle = Sessioned.of(admin).zooKeeper();
    for (ACL writer : List.of(
        entry(EVE, Perms.WRITE | Perms.READ),
        entry(EVE, Perms.ADMIN),
        entry(Identity.anyone(), Perms.ALL))) {
      handle.setACL(root + "/~access", Arrays.asList(all(ADMIN), writer), -1);
      String who = writer.getId().getScheme().equals("world") ? "world:anyone" : "digest:eve";
      String log = logOf(() -> assertThat(listOfNew(client("admin"), next()))
          .as("the list by the policy of the builder")
          .containsOnly(all(ADMIN)));
      assertThat(log).contains("ERROR").contains("can be changed by " + who).contains("not obeyed");
      for (ThrowingCallable use : List.<ThrowingCallable>of(
          () -> control(admin).policy(),
          () -> control(admin).grant(Role.VIEWER, EVE),
          () -> control(admin).apply())) {
        assertThatThrownBy(use)
            .isInstanceOf(ZkException.class)
            .hasMessageContaining("can be changed by " + who);
      }
    }
    handle.setACL(root + "/~access", Arrays.asList(all(ADMIN), entry(APP, Perms.READ)), -1);
    assertThat(listOfNew(client("admin"), next())).containsOnly(all(ADMIN), entry(APP, Perms.READ));
  }

  @Test
  void policyThatBecomesUnreadable_theLastGoodOneStays() throws Exception {
    ZkClient admin = client("admin");
    control(admin).init(AccessPolicy.sharedBy(ADMIN));
    control(admin).grant(Role.VIEWER, EVE);
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(listOfNew(admin, next())).hasSize(2));
    ZooKeeper handle = Sessioned.of(admin).zooKeeper();
    for (String broken : List.of(
        "",
        "no record",
        "{\"v\":2,\"r\":2,\"roles\":{}}",
        "{\"v\":1,\"r\":1,\"roles\":{\"boss\":[\"sasl:a\"]}}",
        "{\"v\":1,\"r\":1,\"roles\":{\"admin\":[\"digest:a\"]}}")) {
      handle.setData(root + "/~access", broken.getBytes(StandardCharsets.UTF_8), -1);
      Sessioned.of(admin).roundTrip();
      assertThat(listOfNew(admin, next()))
          .as(broken)
          .containsOnly(all(ADMIN), entry(EVE, Perms.READ));
      assertThatThrownBy(() -> control(admin).policy()).isInstanceOf(ZkException.class);
    }
  }

  @Test
  void rolesOfEarlierVersions_areReadAsAliases() throws Exception {
    ZkClient admin = client("admin");
    control(admin).init(AccessPolicy.sharedBy(ADMIN));
    String stored = "{\"v\":1,\"r\":1,\"roles\":{\"member\":[\"" + ADMIN.asText()
        + "\"],\"config-keeper\":[\"" + EVE.asText() + "\"]}}";
    Sessioned.of(admin)
        .zooKeeper()
        .setData(root + "/~access", stored.getBytes(StandardCharsets.UTF_8), -1);
    assertThat(control(admin).policy())
        .contains(AccessPolicy.sharedBy(ADMIN).withRole(Role.OPERATOR, EVE));
  }

  @Test
  void init_existingRootThatIsOpen_isClosedAtTheTopAndTheRestIsCounted() throws Exception {
    ZkClient nobody =
        keep(ZkClient.builder(zooKeeper.connectString()).root(root).connect());
    Sessioned.of(nobody)
        .zooKeeper()
        .create(root + "/locks", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    Sessioned.of(nobody)
        .zooKeeper()
        .create(root + "/locks/old", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    ZkClient admin = client("admin");
    assertThat(control(admin).init(AccessPolicy.sharedBy(ADMIN)).deviations()).isEmpty();
    ZooKeeper handle = Sessioned.of(admin).zooKeeper();
    assertThat(list(handle, root)).containsOnly(all(ADMIN));
    assertThat(list(handle, root + "/locks")).containsOnly(all(ADMIN));
    assertThat(list(handle, root + "/~incarnation")).containsOnly(all(ADMIN));
    assertThat(control(admin).survey().deviations())
        .singleElement()
        .isEqualTo(new AccessControl.Survey.Deviation(
            root + "/locks/old", true, "another list than the policy says"));
    AccessControl.Survey applied = control(admin).apply();
    assertThat(applied.changed()).isEqualTo(1);
    assertThat(applied.deviations()).isEmpty();
    assertThatThrownBy(
            () -> Sessioned.of(nobody).zooKeeper().getData(root + "/locks/old", false, null))
        .isInstanceOf(NoAuthException.class);
  }

  @Test
  void init_twoAtOnce_oneIsStored() throws Exception {
    ZkClient one = client("admin");
    ZkClient two = client("admin");
    control(one).init(AccessPolicy.sharedBy(ADMIN));
    assertThatThrownBy(() -> control(two).init(AccessPolicy.sharedBy(ADMIN, EVE)))
        .isInstanceOf(AccessControl.RefusedException.class)
        .hasMessageContaining("there is an access policy");
    assertThat(control(two).policy()).contains(AccessPolicy.sharedBy(ADMIN));
  }

  @Test
  void policyThatNamesTheCreatorOrNobody_isRefused() {
    ZkClient admin = client("admin");
    assertThatThrownBy(() -> control(admin).init(AccessPolicy.sharedBy(Identity.creator(), ADMIN)))
        .isInstanceOf(AccessControl.RefusedException.class);
    assertThatThrownBy(() -> control(admin)
            .allowingLockOut()
            .init(AccessPolicy.sharedBy(ADMIN).withoutRole(Role.ADMIN, ADMIN)))
        .isInstanceOf(AccessControl.RefusedException.class)
        .hasMessageContaining("names no identity");
    assertThatThrownBy(
            () -> control(admin).init(AccessPolicy.of(Map.of(Role.VIEWER, List.of(EVE)))))
        .isInstanceOf(AccessControl.RefusedException.class)
        .hasMessageContaining("no admin");
  }

  @Test
  void application_withoutAnyNodeBefore_ownsItsFirstNode() throws Exception {
    control(client("admin")).init(AccessPolicy.sharedBy(ADMIN).withRole(Role.APPLICATION, APP));
    ZkClient app = client("app");
    assertThat(app.incarnation()).isEqualTo(1);
    ZooKeeper handle = Sessioned.of(app).zooKeeper();
    for (ThrowingCallable attempt : List.<ThrowingCallable>of(
        () -> handle.create(root + "/own", new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT),
        () -> handle.delete(root + "/~access", -1),
        () -> handle.setData(root + "/~access", new byte[0], -1),
        () -> handle.setData(root + "/~incarnation", new byte[0], -1),
        () -> control(app).grant(Role.ADMIN, APP))) {
      assertThatThrownBy(attempt).isInstanceOfAny(NoAuthException.class, ZkAccessException.class);
    }
    handle.create(root + "/locks/mine", new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
  }

  private int count;

  private String next() {
    return "node-" + ++count;
  }

  /** Creates a node of a client and reads its list. */
  private List<ACL> listOfNew(ZkClient client, String name) {
    Sessioned.own(client, name);
    String path = root + "/" + name;
    await().atMost(LONG).until(() -> Sessioned.of(client).zooKeeper().exists(path, false) != null);
    try {
      return list(Sessioned.of(client).zooKeeper(), path);
    } catch (Exception e) {
      throw new AssertionError(path, e);
    }
  }

  private static List<ACL> list(ZooKeeper handle, String path) throws Exception {
    return handle.getACL(path, new Stat());
  }

  private static ACL all(Identity identity) {
    return entry(identity, Perms.ALL);
  }

  private static ACL entry(Identity identity, int permissions) {
    return new ACL(permissions, new Id(identity.scheme(), identity.id()));
  }

  private static String logOf(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  private static AccessControl control(ZkClient client) {
    return AccessControl.in(client).within(LONG);
  }

  private ZkClient client(String user) {
    return keep(builder(zooKeeper.connectString(), user).connect());
  }

  private ZkClient client(String user, AccessPolicy policy) {
    return keep(builder(zooKeeper.connectString(), user).access(policy).connect());
  }

  private ZkClientBuilder builder(String connectString, String user) {
    return ZkClient.builder(connectString)
        .root(root)
        .digest(user, user + "-secret")
        .connectTimeout(LONG);
  }

  private ZkClient keep(ZkClient client) {
    open.add(client);
    return client;
  }
}
