package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit config} under a policy with approvals; on an open server, so they are advisory. */
@Tag("full")
class ConfigApprovalsIT {

  private static final String NS = " prod/checkout/limits ";

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private ConfigWorld world = new ConfigWorld("", "", Path.of(""));

  @BeforeEach
  void open() {
    world = new ConfigWorld(zooKeeper.connectString(), zooKeeper.freshRoot(), home);
    world.ok("ns create" + NS);
    for (String setting : new String[] {"a=1", "a=2"}) {
      world.ok("set" + NS + setting);
      world.ok("publish" + NS);
    }
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void draft_withoutApproval_isRefusedUntilAnotherApproves() throws Exception {
    Outcome locked = world.zookit("policy set" + NS + "--approvals 1");
    assertThat(locked.code()).isEqualTo(4);
    assertThat(locked.err()).contains("advisory only");
    world.ok("policy set" + NS + "--approvals 1 --advisory-approvals");
    assertThat(world.ok("policy show" + NS)).contains("1, advisory ones count");

    Path file = Files.writeString(home.resolve("limits.properties"), "a=3\n");
    Outcome refused = world.zookit("publish" + NS + "-f " + file);
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.err()).contains("0 of 1 approvals", "save it as a draft");
    assertThat(world.zookit("apply" + NS + "-f " + file).code()).isEqualTo(4);
    world.ok("draft save" + NS + "-f " + file);
    assertThat(world.zookit("gray start" + NS + "--to everyone").code()).isEqualTo(4);
    assertThat(world.zookit("publish" + NS + "--dry-run").code()).isEqualTo(5);
    assertThat(world.zookit("draft approve" + NS).code()).isEqualTo(4);
    Golden.check("config/draft-approve.txt", world.ok("draft approve" + NS + "--by ben"));
    world.ok("publish" + NS + "-m sale");
    Golden.check("config/audit-approved.txt", world.ok("audit" + NS + "-n 1"));
  }

  @Test
  void apply_underApprovals_isSavedAsDraftsApprovedAndGoesThroughAsOne() throws Exception {
    String other = " prod/checkout/prices ";
    world.ok("ns create" + other);
    for (String ns : new String[] {NS, other}) {
      world.ok("policy set" + ns + "--approvals 1 --advisory-approvals");
    }
    Path folder = Files.createDirectories(home.resolve("files/prod/checkout"));
    Files.writeString(folder.resolve("limits.properties"), "a=3\n");
    Files.writeString(folder.resolve("prices.properties"), "p=1\n");
    String apply = "apply -f " + home.resolve("files") + " -m 'as in git'";

    Outcome refused = world.zookit(apply);
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.err())
        .contains("0 of 1 approvals", "apply --request-approval", "publish it again");
    assertThat(world.zookit(apply + " --dry-run").code()).isEqualTo(5);
    Outcome requested = world.zookit(apply + " --request-approval");
    assertThat(requested.code()).as(requested.err()).isZero();
    assertThat(requested.err())
        .contains(
            "zookit config draft approve prod/checkout/limits apply",
            "zookit config draft approve prod/checkout/prices apply",
            "nothing was published");
    assertThat(world.zookit(apply).err()).contains("the draft apply has 0 of 1 approvals");
    world.ok("draft approve" + NS + "apply --by ben");
    assertThat(world.zookit(apply + " --request-approval").err())
        .contains("prod/checkout/prices: the draft apply has 0 of 1 approvals");
    world.ok("draft approve" + other + "apply --by ben");
    assertThat(world.zookit(apply + " --dry-run").code()).isZero();

    assertThat(world.ok(apply + " -o name").lines()).hasSize(2);
    assertThat(world.ok("get" + NS + "a")).isEqualTo("3\n");
    assertThat(world.ok("get" + other + "p")).isEqualTo("1\n");
    assertThat(world.ok("draft list" + NS + "-o name")).isEmpty();
  }

  @Test
  void apply_otherFilesThanApproved_isAskedForAgain() throws Exception {
    world.ok("policy set" + NS + "--approvals 1 --advisory-approvals");
    Path file = Files.writeString(home.resolve("limits.properties"), "a=3\n");
    String apply = "apply" + NS + "-f " + file;
    world.ok(apply + " --request-approval");
    world.ok("draft approve" + NS + "apply --by ben");
    Files.writeString(file, "a=4\n");
    assertThat(world.zookit(apply).code()).isEqualTo(4);
    world.ok(apply + " --request-approval");
    assertThat(world.zookit(apply).err()).contains("the draft apply has 0 of 1 approvals");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("2\n");
  }

  @Test
  void rollback_withoutApproval_isRequestedApprovedAndDone() {
    world.ok("policy set" + NS + "--approvals 1 --advisory-approvals");
    Outcome refused = world.zookit("rollback" + NS);
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.err()).contains("--request-approval", "--override-approvals");
    Outcome requested = world.zookit("rollback" + NS + "-m 'orders fail' --request-approval");
    assertThat(requested.code()).as(requested.err()).isZero();
    String id = world.ok("request list" + NS + "-o name").strip();
    assertThat(requested.err())
        .contains("zookit config request approve prod/checkout/limits " + id);
    Golden.check("config/request-show.txt", world.ok("request show" + NS + id));
    assertThat(world.zookit("request approve" + NS + id).code()).isEqualTo(4);
    Golden.check(
        "config/request-approve.json", world.ok("request approve" + NS + id + " --by ben -o json"));
    world.ok("rollback" + NS + "-m 'orders fail'");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("1\n");
    assertThat(world.ok("request list" + NS + "-o name")).isEmpty();
    assertThat(world.zookit("request show" + NS + id).code()).isEqualTo(3);
  }

  @Test
  void policy_requested_showsItsDifferenceAndCanBeWithdrawn() {
    world.ok("policy set" + NS + "--approvals 1 --advisory-approvals");
    world.ok("policy set" + NS + "--approvals 0 --request-approval");
    assertThat(world.ok("policy show" + NS + "-o json")).contains("\"approvals\": 1");
    String id = world.ok("request list" + NS + "-o name").strip();
    assertThat(world.zookit("request show" + NS + id).err()).isEqualTo("  ~ approvals = 1 -> 0\n");
    assertThat(world.zookit("request withdraw" + NS + id).code()).isEqualTo(2);
    world.ok("request withdraw" + NS + id + " --yes");
    assertThat(world.ok("request list" + NS + "-o name")).isEmpty();
  }

  @Test
  void override_inAnEmergency_needsAReasonAndIsInTheAudit() {
    world.ok("policy set" + NS + "--approvals 1 --advisory-approvals");
    assertThat(world.zookit("ns delete" + NS + "--yes").code()).isEqualTo(4);
    Outcome silent = world.zookit("rollback" + NS + "--override-approvals");
    assertThat(silent.code()).isEqualTo(4);
    assertThat(silent.err()).contains("needs a reason");
    world.ok("rollback" + NS + "--override-approvals -m 'orders fail'");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("1\n");
    Golden.check("config/audit-override.txt", world.ok("audit" + NS + "-n 1"));
    assertThat(world.ok("audit" + NS + "-n 2 -o json"))
        .contains("\"overrides\": [\n", "\"policyBefore\": {", "\"approvals\": 1");
  }
}
