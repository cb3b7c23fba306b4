package io.zookit.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.console.ConsoleWorld;
import io.zookit.console.follow.RoleCredentials;
import io.zookit.console.resource.ConsoleApi;
import io.zookit.console.resource.Endpoint;
import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every route with every role, on a root whose access lists bind each role. */
@Tag("full")
class RolesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final String root = zooKeeper.freshRoot();

  @RegisterExtension
  final ConsoleWorld console = new ConsoleWorld(zooKeeper.connectString(), root);

  @TempDir
  Path folder;

  private ZkClient admin(Role role) {
    ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .root(root)
        .digest(role.toString(), role + "-secret")
        .access(policy())
        .connect();
    console.closeLater(client);
    return client;
  }

  private static AccessPolicy policy() {
    Map<Role, Set<Identity>> roles = new HashMap<>();
    for (Role role : RoleCredentials.ROLES) {
      roles.put(role, Set.of(Identity.digest(role.toString(), role + "-secret")));
    }
    return AccessPolicy.of(roles);
  }

  @BeforeEach
  void publish() throws Exception {
    ZkClient admin = admin(Role.ADMIN);
    AccessControl.in(admin).within(ConsoleWorld.LONG).init(policy());
    ConfigStore.in(admin)
        .publish(
            Namespace.of("prod", "shop", "limits"), Content.properties("a=1\n"), Change.by("ada"));
  }

  private RoleCredentials identities(Role... roles) throws Exception {
    for (Role role : roles) {
      Path file =
          Files.writeString(folder.resolve(role.toString()), role + ":" + role + "-secret\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return RoleCredentials.in(folder);
  }

  @Test
  void call_everyRouteWithEveryRole_isForbiddenExactlyForThoseThatMayNot() throws Exception {
    console.start(identities(RoleCredentials.ROLES.toArray(new Role[0])), false);
    List<String> wrong = new ArrayList<>();
    int calls = 0;
    for (Endpoint endpoint : ConsoleApi.endpoints()) {
      String path = endpoint
          .template()
          .substring(Endpoint.PREFIX.length())
          .replace("{env}/{app}/{ns}", "prod/shop/limits")
          .replaceAll("\\{\\+?\\w+}", "none");
      for (Role role : RoleCredentials.ROLES) {
        int status = endpoint.method().equals("GET")
            ? console.get(role, path).statusCode()
            : console.post(role, path, "{\"unknown\":1}").statusCode();
        calls++;
        boolean forbidden = status == 403;
        if (forbidden == endpoint.roles().contains(role) || status >= 500) {
          wrong.add(role + " " + endpoint.method() + " " + path + ": " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(calls).isGreaterThan(150);
  }

  @Test
  void change_roleWhoseIdentityMayNot_isRefusedByZooKeeperThoughTheRouteAllowsIt()
      throws Exception {
    Path file = Files.writeString(folder.resolve("publisher"), "viewer:viewer-secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    console.start(RoleCredentials.in(folder), false);

    var answer = console.post(
        Role.PUBLISHER,
        "/namespaces/prod/shop/limits/releases",
        "{\"format\":\"properties\",\"text\":\"a=2\\n\"}",
        "If-Match",
        "\"1\"");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("access lists");
  }

  @Test
  void call_roleWithoutIdentity_isOff() throws Exception {
    console.start(identities(Role.VIEWER), false);

    assertThat(console.get(Role.VIEWER, "/namespaces").statusCode()).isEqualTo(200);
    assertThat(console.get(Role.ADMIN, "/namespaces").statusCode()).isEqualTo(403);
    assertThat(console.json(Role.VIEWER, "/health").path("roles")).hasSize(1);
  }
}
