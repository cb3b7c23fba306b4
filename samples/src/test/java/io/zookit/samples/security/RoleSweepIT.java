package io.zookit.samples.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.scheduler.JobLedger;
import io.zookit.testkit.ZkProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role, every kind of request, every path of docs/znodes.md: the applications of {@link Everything} have no role but
 * that of applications, its staff one role each, and then everybody tries everything.
 */
@Tag("full")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoleSweepIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String ROOT = "/zookit";
  private static final String SUPER = "super:canary-2d9";
  private static final int NO_VERSION = 1_000_000;
  private static final Change ANA = Change.by("ana");

  @TempDir
  static Path folder = Path.of("");

  private final List<AutoCloseable> open = new ArrayList<>();
  private ZkProcesses server;
  private ZooKeeper superUser;
  private Everything everything;

  /** One request that needs one permission, and has no effect even if it is allowed. */
  private interface Harmless {
    void on(ZooKeeper client, String path) throws Exception;
  }

  private record TriedRequest(String name, int permission, Harmless attempt) {}

  private static final List<TriedRequest> VERBS = List.of(
      new TriedRequest("getData", Perms.READ, (client, path) -> client.getData(path, false, null)),
      new TriedRequest(
          "getChildren", Perms.READ, (client, path) -> client.getChildren(path, false)),
      new TriedRequest(
          "getACL", Perms.READ | Perms.ADMIN, (client, path) -> client.getACL(path, new Stat())),
      new TriedRequest(
          "setData", Perms.WRITE, (client, path) -> client.setData(path, new byte[0], NO_VERSION)),
      new TriedRequest(
          "create",
          Perms.CREATE,
          (client, path) -> client.multi(List.of(
              Op.create(path + "/~try", new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT),
              Op.check("/", NO_VERSION)))),
      new TriedRequest("delete", Perms.DELETE, (client, path) -> client.delete(path + "/~try", -1)),
      new TriedRequest(
          "setACL",
          Perms.ADMIN,
          (client, path) -> client.setACL(path, Ids.CREATOR_ALL_ACL, NO_VERSION)));

  @BeforeAll
  void start() throws Exception {
    server = ZkProcesses.servers(1)
        .jvmOptions("-Dzookeeper.DigestAuthenticationProvider.superDigest="
            + DigestAuthenticationProvider.generateDigest(SUPER))
        .start();
    superUser = Outsider.at(server.connectString(), SUPER);
    AccessPolicy policy = AccessPolicy.sharedBy(id("admin"));
    for (String role : DocumentedRoles.ROLES) {
      policy = policy.withRole(role, id(role));
    }
    AccessControl.in(client("admin")).within(LONG).init(policy);
    everything = Everything.by(
        client("application"),
        client("application"),
        new Everything.Staff(
            client("admin"), client("editor"), client("publisher"), client("operator")),
        folder);
    await().atMost(LONG).untilAsserted(() -> assertThat(missing()).isEmpty());
  }

  @AfterAll
  void stop() throws Exception {
    List<AutoCloseable> all = new ArrayList<>();
    all.add(everything);
    all.addAll(open);
    all.add(superUser);
    all.add(server);
    for (AutoCloseable each : all) {
      if (each != null) {
        each.close();
      }
    }
  }

  @Test
  void everyRole_everyRequest_everyPath_isWhatTheDocumentSays() throws Exception {
    DocumentedRoles documented = DocumentedRoles.read();
    Map<String, ZooKeeper> fresh = new LinkedHashMap<>();
    for (String role : DocumentedRoles.ROLES) {
      fresh.put(role, keep(Outsider.at(server.connectString(), role + ":" + role + "-secret")));
    }
    fresh.put("admin", keep(Outsider.at(server.connectString(), "admin:admin-secret")));
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    int refused = 0;
    for (String path : Outsider.tree(superUser, ROOT).keySet()) {
      for (Map.Entry<String, ZooKeeper> role : fresh.entrySet()) {
        int permissions = documented.permissions(role.getKey(), documentedPath(path));
        for (TriedRequest verb : VERBS) {
          Code answer = answer(role.getValue(), path, verb);
          boolean allowed = (permissions & verb.permission()) != 0;
          tried++;
          refused += answer == Code.NOAUTH ? 1 : 0;
          if (answer != Code.NONODE && allowed == (answer == Code.NOAUTH)) {
            wrong.add(role.getKey() + " " + verb.name() + " " + path + ": " + answer);
          } else if (answer == Code.NONODE && !allowed && exists(path)) {
            wrong.add(role.getKey() + " " + verb.name() + " " + path + ": " + answer);
          }
        }
      }
    }
    System.out.println(tried + " requests tried, " + refused + " refused");
    assertThat(wrong).isEmpty();
    assertThat(tried).isGreaterThan(100 * VERBS.size() * fresh.size());
    assertThat(refused).isBetween(tried / 4, tried);
  }

  /** Returns the path as documented; nodes unknown to all modules were created by a fenced transaction. */
  private static String documentedPath(String path) {
    String relative = path.equals(ROOT) ? "" : path.substring(ROOT.length() + 1);
    return relative.startsWith("theirs") ? "~fenced" : relative;
  }

  private boolean exists(String path) throws Exception {
    return superUser.exists(path, false) != null;
  }

  private static Code answer(ZooKeeper client, String path, TriedRequest verb) throws Exception {
    try {
      verb.attempt().on(client, path);
      return Code.OK;
    } catch (KeeperException e) {
      return e.code();
    }
  }

  @Test
  void staff_otherRolesWork_isRefused() throws Exception {
    ConfigStore viewing = ConfigStore.in(client("viewer"));
    ConfigStore editing = ConfigStore.in(client("editor"));
    ConfigStore applying = ConfigStore.in(client("application"));
    ConfigStore operating = ConfigStore.in(client("operator"));
    Content content = Content.properties("max=7\n");
    Draft draft = editing.drafts(Everything.LARGE).open("x").withContent(content);
    for (ThrowingCallable attempt : List.<ThrowingCallable>of(
        () -> viewing.drafts(Everything.LARGE).save(draft, ANA),
        () -> applying.drafts(Everything.LARGE).save(draft, ANA),
        () -> editing.publish(Everything.LARGE, content, ANA),
        () -> applying.publish(Everything.LARGE, content, ANA),
        () -> operating.publish(Everything.LARGE, content, ANA),
        () -> DistributedLock.named("a", client("viewer")).acquire(LONG),
        () -> DistributedLock.named("a", client("publisher")).acquire(LONG),
        () ->
            AccessControl.in(client("operator")).within(LONG).grant(Role.ADMIN, id("operator")))) {
      assertThatThrownBy(attempt).isInstanceOf(ZkAccessException.class);
    }
  }

  @Test
  void viewer_looksAtEverything() throws Exception {
    ZkClient viewer = client("viewer");
    assertThat(LockInspector.in(viewer).list()).isNotEmpty();
    assertThat(ServiceRegistry.in(viewer).services()).isNotEmpty();
    assertThat(ConfigStore.in(viewer).state(Everything.LIMITS)).isPresent();
    assertThat(JobLedger.in(viewer).list()).isNotEmpty();
    assertThat(viewer.incarnation()).isPositive();
  }

  @Test
  void operator_doesItsWork() throws Exception {
    ZkClient operator = client("operator");
    ServiceRegistry.in(operator)
        .policy("shop")
        .change(said -> said.with("i2", InstanceRule.by("ana").withWeight(3)));
    JobLedger.in(operator).trigger("unhandled");
    JobLedger.in(operator).resume("unhandled");
    ConfigStore.in(operator).maintenance().collect(Everything.LIMITS, ANA);
  }

  /** Below another root: a raise ends the sessions of all clients. */
  @Test
  void incarnation_isRaisedByTheOperatorOnly() throws Exception {
    String other = "/other";
    AccessPolicy policy = AccessPolicy.sharedBy(id("admin"));
    for (String role : DocumentedRoles.ROLES) {
      policy = policy.withRole(role, id(role));
    }
    AccessControl.in(client("admin", other)).within(LONG).init(policy);
    for (String role : List.of("viewer", "application", "editor", "publisher")) {
      assertThatThrownBy(() -> client(role, other).raiseIncarnation(0))
          .as(role)
          .isInstanceOf(ZkAccessException.class);
    }
    assertThat(client("operator", other).raiseIncarnation(0)).isEqualTo(2);
  }

  private Set<String> missing() throws Exception {
    Set<String> missing = new TreeSet<>();
    Kinds.names().forEach(missing::add);
    for (String path : new TreeMap<>(Outsider.tree(superUser, ROOT)).keySet()) {
      Kinds.of(path.substring(ROOT.length())).ifPresent(missing::remove);
    }
    return missing;
  }

  private static Identity id(String role) {
    return Identity.digest(role, role + "-secret");
  }

  private ZkClient client(String role) {
    return client(role, ROOT);
  }

  private ZkClient client(String role, String root) {
    return keep(ZkClient.builder(server.connectString())
        .root(root)
        .digest(role, role + "-secret")
        .connectTimeout(LONG)
        .connect());
  }

  private <C extends AutoCloseable> C keep(C client) {
    open.add(client);
    return client;
  }
}
