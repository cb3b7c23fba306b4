package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.ZkServerExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit config}: drafts, releases, files, secrets, namespaces. */
class ConfigCommandsIT {

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
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  private void publish(String... settings) {
    for (String setting : settings) {
      world.ok("set" + NS + setting);
      world.ok("publish" + NS + "-m '" + setting + "'");
    }
  }

  @Test
  @Tag("full")
  void draft_wholeLife_isGolden() {
    publish("max-orders=100");
    Golden.check("config/set.txt", world.ok("set" + NS + "max-orders=200 burst=20 -m sale"));
    Golden.check("config/draft-list.txt", world.ok("draft list" + NS));
    Golden.check("config/draft-list.json", world.ok("draft list" + NS + "-o json"));
    Golden.check("config/draft-show.txt", world.ok("draft show" + NS));
    Golden.check("config/draft-diff.txt", world.ok("draft diff" + NS));
    Golden.check("config/draft-diff-unified.txt", world.ok("draft diff" + NS + "-u"));
    Golden.check(
        "config/draft-diff-side-by-side.txt", world.ok("draft diff" + NS + "--side-by-side"));
    Golden.check("config/draft-diff.json", world.ok("draft diff" + NS + "-o json"));
    assertThat(world.zookit("draft diff" + NS + "--exit-code").code()).isEqualTo(1);
    world.ok("unset" + NS + "burst");
    Golden.check("config/validate.txt", world.ok("validate" + NS));
    Golden.check("config/publish-dry-run.txt", world.ok("publish" + NS + "--dry-run"));
    assertThat(world.ok("log" + NS + "-o name")).isEqualTo("1\n");
    Golden.check("config/publish.txt", world.ok("publish" + NS + "-m sale"));
    assertThat(world.ok("draft list" + NS + "-o name")).isEmpty();
    assertThat(world.zookit("publish" + NS).code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void policy_isShownAndChangedRuleByRule() throws Exception {
    Golden.check("config/policy-show.txt", world.ok("policy show" + NS));
    Path schema = Files.writeString(home.resolve("s.json"), "{\"required\":[\"max-orders\"]}");
    String rules = "--secret db.* --secret token --approvals 1 --advisory-approvals"
        + " --keep-newest 5 --keep-for 7d --keep-size 8MiB --freeze 2040-12-20T00:00:00Z/2041-01-02T00:00:00Z -m 'end of year'";
    Golden.check(
        "config/policy-dry-run.txt",
        world.ok("policy set" + NS + rules + " --schema " + schema + " --dry-run"));
    Golden.check("config/policy-show.txt", world.ok("policy show" + NS));

    world.ok("policy set" + NS + rules + " --schema " + schema);
    Golden.check("config/policy-dry-run.txt", world.ok("policy show" + NS));
    Golden.check("config/policy-show.json", world.ok("policy show" + NS + "-o json"));
    assertThat(world.ok("policy show" + NS + "--schema"))
        .isEqualTo("{\"required\":[\"max-orders\"]}\n");
    assertThat(world.zookit("policy set" + NS + rules).err()).contains("is that already");
    world.ok("set" + NS + "burst=1");
    assertThat(world.zookit("validate" + NS).code()).isEqualTo(5);

    world.ok("policy set" + NS
        + "--no-schema --no-secrets --no-freezes --approvals 0 --keep-newest 30 --keep-for 30d"
        + " --keep-size 64MiB --no-advisory-approvals --override-approvals -m 'as it was'");
    Golden.check("config/policy-show.txt", world.ok("policy show" + NS));
    world.ok("publish" + NS);
  }

  @Test
  @Tag("full")
  void policy_schema_isCheckedWhenSetAndWhenPublished() throws Exception {
    Path schema = home.resolve("s.json");
    for (String broken : new String[] {
      "no json",
      "[1]",
      "{\"type\": \"objekt\"}",
      "{\"required\": \"max-orders\"}",
      "{\"properties\": {\"a\": {\"pattern\": \"[\"}}}",
      "{\"$ref\": \"#/$defs/none\"}",
      "{\"$ref\": \"http://localhost:1/schema.json\"}",
      "{\"$schema\": \"http://localhost:1/dialect.json\"}",
    }) {
      Files.writeString(schema, broken);
      for (String dry : new String[] {" --dry-run", ""}) {
        Outcome refused = world.zookit("policy set" + NS + "--schema " + schema + dry);
        assertThat(refused.code()).as(broken + dry + refused).isEqualTo(5);
        assertThat(refused.err()).as(broken + dry).contains("schema: ");
      }
    }
    Files.writeString(
        schema,
        "{\"type\": \"object\", \"properties\": {\"max-orders\": {\"pattern\": \"^[0-9]+$\"}}}");
    world.ok("policy set" + NS + "--schema " + schema);
    publish("max-orders=100");
    world.ok("set" + NS + "max-orders=many");
    Outcome refused = world.zookit("publish" + NS);
    assertThat(refused.code()).isEqualTo(5);
    assertThat(refused.err()).contains("max-orders");
    assertThat(world.ok("get" + NS + "max-orders")).isEqualTo("100\n");
  }

  @Test
  @Tag("full")
  void policy_layers_mustBePublic() {
    world.ok("ns create prod/checkout/common");
    assertThat(world.zookit("policy set" + NS + "--layer prod/checkout/common").code())
        .isEqualTo(4);
    world.ok("policy set prod/checkout/common --public");
    world.ok("policy set" + NS + "--layer prod/checkout/common");
    assertThat(world.ok("policy show" + NS)).contains("prod/checkout/common");
    world.ok("policy set" + NS + "--no-layers");
    world.ok("policy set prod/checkout/common --no-public");
    assertThat(world.ok("policy show prod/checkout/common")).containsPattern("public +no");
  }

  @Test
  void policy_whatCannotBe_isRefusedByItsKind() {
    assertThat(world.zookit("policy set" + NS).code()).isEqualTo(2);
    assertThat(world.zookit("policy set" + NS + "--keep-newest 0").code()).isEqualTo(2);
    assertThat(world.zookit("policy set" + NS + "--freeze soon").code()).isEqualTo(2);
    assertThat(world.zookit("policy set" + NS + "--keep-size much").code()).isEqualTo(2);
    assertThat(world.zookit("policy set no/such/ns --approvals 1").code()).isEqualTo(3);
    assertThat(world.zookit("policy show no/such/ns").code()).isEqualTo(3);
  }

  @Test
  void discard_offATerminal_wantsYes() {
    world.ok("set" + NS + "a=1");
    assertThat(world.zookit("draft discard" + NS).code()).isEqualTo(2);
    assertThat(world.ok("draft list" + NS + "-o name")).isEqualTo("main\n");
    world.ok("draft discard" + NS + "--yes");
    assertThat(world.zookit("draft show" + NS).code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void rebase_keyChangedOnBothSides_isAConflictUnlessTheirsAreTaken() {
    publish("a=1");
    world.ok("set" + NS + "a=2 b=2 --draft mine");
    publish("a=3");
    assertThat(world.zookit("publish" + NS + "--draft mine").code()).isEqualTo(4);
    Outcome conflict = world.zookit("draft rebase" + NS + "mine");
    assertThat(conflict.code()).isEqualTo(4);
    assertThat(conflict.err()).contains("both sides changed a");
    world.ok("draft rebase" + NS + "mine --theirs");
    world.ok("publish" + NS + "--draft mine");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("3\n");
    assertThat(world.ok("get" + NS + "b")).isEqualTo("2\n");
  }

  @Test
  @Tag("full")
  void releases_areShownInEveryForm() {
    publish("max-orders=100", "max-orders=200", "burst=20");
    Golden.check("config/log.txt", world.ok("log" + NS));
    Golden.check("config/log.json", world.ok("log" + NS + "-n 1 -o json"));
    Golden.check("config/show.txt", world.ok("show" + NS + "@stable~1"));
    Golden.check("config/get.txt", world.ok("get" + NS));
    Golden.check("config/get.json", world.ok("get" + NS + "-r 1 -o json"));
    Golden.check("config/get-value.yaml", world.ok("get" + NS + "burst -o yaml"));
    assertThat(world.ok("get" + NS + "max-orders -r 1")).isEqualTo("100\n");
    assertThat(world.ok("get" + NS + "-o name")).isEqualTo("burst\nmax-orders\n");
    Golden.check("config/diff.txt", world.ok("diff" + NS + "1..3"));
    assertThat(world.zookit("diff" + NS + "1..3 --exit-code").code()).isEqualTo(1);
    assertThat(world.zookit("diff" + NS + "3..3 --exit-code").code()).isZero();
    Golden.check("config/audit.txt", world.ok("audit" + NS));
    Golden.check("config/audit-verify.txt", world.ok("audit" + NS + "--verify"));
    Golden.check("config/audit-verify.json", world.ok("audit" + NS + "--verify -o json"));
  }

  @Test
  void rollback_once_makesTheReleaseBeforeStableAgain() {
    publish("a=1", "a=2");
    Golden.check("config/rollback.txt", world.ok("rollback" + NS + "-m 'orders fail'"));
    assertThat(world.ok("get" + NS + "a")).isEqualTo("1\n");
    assertThat(world.zookit("rollback" + NS + "--to 2").err())
        .isEqualTo("prod/checkout/limits: release 4 on top of 3:\n  ~ a = 1 -> 2\n");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("2\n");
    assertThat(world.zookit("rollback" + NS + "--to 9").code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void rollback_inAFreezeBesideAGrayRelease_namesTheWayThroughAndTakesIt() {
    publish("a=1", "a=2");
    world.ok("set" + NS + "a=3");
    world.ok("gray start" + NS + "sale --to everyone");
    Outcome beside = world.zookit("rollback" + NS);
    assertThat(beside.code()).isEqualTo(4);
    assertThat(beside.err()).contains("open: sale", "--abort-grays", "--allow-open-grays");
    world.ok("policy set" + NS + "--freeze 2020-01-01T00:00:00Z/2099-01-01T00:00:00Z -m holidays");
    Outcome frozen = world.zookit("rollback" + NS + "--abort-grays");
    assertThat(frozen.code()).isEqualTo(4);
    assertThat(frozen.err()).contains("holidays", "--override-freeze");
    assertThat(world.ok("gray status" + NS + "-o name")).isEqualTo("sale\n");
    assertThat(
            world.zookit("rollback" + NS + "--abort-grays --allow-open-grays").code())
        .isEqualTo(2);

    world.ok("rollback" + NS + "--override-freeze --allow-open-grays");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("1\n");
    assertThat(world.ok("gray status" + NS + "-o name")).isEqualTo("sale\n");
    world.ok("rollback" + NS + "--to 2 --override-freeze --abort-grays -m 'orders fail'");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("2\n");
    assertThat(world.ok("gray status" + NS + "-o name")).isEmpty();
    assertThat(world.ok("audit" + NS + "-n 1"))
        .contains("rollback", "orders fail (ended gray sale)");
    assertThat(world.ok("audit" + NS + "--verify")).contains("intact");
  }

  @Test
  @Tag("full")
  void gray_inAFreeze_namesTheWayThroughAndTakesIt() {
    publish("a=1");
    world.ok("policy set" + NS + "--freeze 2020-01-01T00:00:00Z/2099-01-01T00:00:00Z -m holidays");
    world.ok("set" + NS + "a=2");
    for (String command :
        new String[] {"gray start" + NS + "sale --to everyone", "gray promote" + NS + "sale"}) {
      Outcome refused = world.zookit(command);
      assertThat(refused.code()).as(command).isEqualTo(4);
      assertThat(refused.err()).as(command).contains("--override-freeze");
      world.ok(command + " --override-freeze");
    }
    assertThat(world.ok("get" + NS + "a")).isEqualTo("2\n");
  }

  @Test
  @Tag("full")
  void rollback_toWhatIsStable_stillEndsGrayReleases() {
    publish("a=1");
    world.ok("set" + NS + "a=3");
    world.ok("gray start" + NS + "sale --to everyone");
    world.ok("rollback" + NS + "--to 1 --abort-grays");
    assertThat(world.ok("gray status" + NS + "-o name")).isEmpty();
    assertThat(world.ok("log" + NS + "-o name")).isEqualTo("2\n1\n");
    assertThat(world.ok("audit" + NS + "-n 1")).contains("abandon", "(ended gray sale)");
  }

  @Test
  @Tag("full")
  void diff_ofTheLastTwoStable_showsWhatARollbackChanged() {
    publish("a=1", "a=2");
    world.ok("rollback" + NS);
    assertThat(world.ok("diff" + NS + "@stable~1..@stable"))
        .isEqualTo(world.ok("diff" + NS + "2..3").replace("2 to 3", "@stable~1 to @stable"))
        .contains("~ a = 2 -> 1");
    assertThat(world.ok("show" + NS + "@stable~2 -o name")).isEqualTo("1\n");
    assertThat(world.zookit("show" + NS + "@stable~3").code()).isEqualTo(3);
    world.ok("rollback" + NS + "--to @stable~1");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("2\n");
  }

  @Test
  @Tag("full")
  void log_marksWhatReleasesAreNow() {
    publish("a=1", "a=2", "a=3");
    world.ok("set" + NS + "a=4");
    world.ok("gray start" + NS + "sale --to everyone");
    world.ok("pin" + NS + "1");
    Golden.check("config/log-marks.txt", world.ok("log" + NS));
    Golden.check("config/log-marks.json", world.ok("log" + NS + "-n 1 -o json"));
    assertThat(world.ok("log" + NS + "-o name")).isEqualTo("4\n3\n2\n1\n");
  }

  @Test
  @Tag("full")
  void author_withoutUserInTheEnvironment_isTheUserOfTheProcess() {
    world.desk.without("USER");
    world.ok("set" + NS + "a=1");
    world.ok("publish" + NS);
    assertThat(world.ok("audit" + NS + "-n 1 -o json"))
        .contains("\"author\": \"" + System.getProperty("user.name") + "\"");
    world.desk.with("USER", "").with("ZOOKIT_USER", "eva").with("ZOOKIT_PASSWORD", "secret");
    world.ok("ns create prod/checkout/other");
    assertThat(world.ok("audit prod/checkout/other -n 1 -o json")).contains("\"author\": \"eva\"");
  }

  @Test
  @Tag("full")
  void set_secretOnTheCommandLine_isWarnedOf() {
    Path keys = home.resolve("keys");
    world.ok("policy set" + NS + "--secret 'db.*'");
    for (String exposed : new String[] {"--secret key=hunter2", "db.password=hunter2"}) {
      Outcome set = world.zookit("set" + NS + exposed + withKeys(keys));
      assertThat(set.code()).as(set.err()).isZero();
      assertThat(set.err())
          .contains("warning: the secret ", "on the command line")
          .doesNotContain("hunter2");
    }
    world.desk.reading("hunter2\n");
    for (String hidden : new String[] {"--secret key=-", "db.password=-", "a=1"}) {
      assertThat(world.zookit("set" + NS + hidden + withKeys(keys)).err())
          .doesNotContain("warning");
    }
  }

  private static String withKeys(Path keys) {
    try {
      Files.writeString(keys, "one=" + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
      Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
      return " --keys " + keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void withdraw_whereNoVoteIs_isNotFound() {
    publish("a=1");
    Outcome withdrawn = world.zookit("withdraw" + NS);
    assertThat(withdrawn)
        .isEqualTo(new Outcome(3, "", "zookit: prod/checkout/limits: no vote is under way\n"));
    assertThat(world.zookit("withdraw no/such/ns").code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void deletedNamespace_isNotShownAsInForce() {
    publish("a=1");
    world.ok("ns delete" + NS + "--yes -m gone");
    Outcome got = world.zookit("get" + NS + "a");
    assertThat(got.code()).isEqualTo(3);
    assertThat(got.out()).isEmpty();
    assertThat(got.err()).contains("was deleted by ana", "zookit config ns restore");
    Outcome named = world.zookit("get" + NS + "a -r @stable");
    assertThat(named.code()).isZero();
    assertThat(named.out()).isEqualTo("1\n");
    assertThat(named.err()).contains("was deleted by ana; what is shown is not in force");
    world.ok("export --to " + home.resolve("out"));
    assertThat(home.resolve("out")).doesNotExist();
  }

  @Test
  @Tag("full")
  void pin_release_standsInTheDescription() {
    publish("a=1", "a=2");
    world.ok("pin" + NS + "@stable~1 -m audit");
    Golden.check("config/ns-describe.txt", world.ok("ns describe" + NS));
    Golden.check("config/ns-describe.json", world.ok("ns describe" + NS + "-o json"));
    world.ok("unpin" + NS + "1");
    assertThat(world.ok("ns describe" + NS)).doesNotContain("pinned");
  }

  @Test
  @Tag("full")
  void namespaces_wholeLife_isGolden() {
    assertThat(world.zookit("ns create" + NS).code()).isEqualTo(4);
    publish("a=1");
    world.ok("ns create test/checkout/limits");
    assertThat(world.zookit("ns delete" + NS).code()).isEqualTo(2);
    assertThat(world.zookit("ns delete" + NS + "--dry-run").err())
        .isEqualTo(
            "would do: delete namespace prod/checkout/limits, followed by 0 live instances\n");
    world.ok("ns delete" + NS + "--yes -m gone");
    Golden.check("config/ns-list.txt", world.ok("ns list"));
    Golden.check("config/ns-list.json", world.ok("ns list prod/ -o json"));
    assertThat(world.zookit("ns purge" + NS + "--yes").code()).isEqualTo(4);
    world.ok("ns restore" + NS);
    assertThat(world.ok("get" + NS + "a")).isEqualTo("1\n");
    world.ok("ns delete" + NS + "--yes");
    world.ok("ns purge" + NS + "--grace 1ms --yes");
    assertThat(world.zookit("get" + NS).code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void files_roundTrip_showNoDrift() throws Exception {
    publish("a=1");
    Path folder = home.resolve("out");
    world.ok("export --to " + folder);
    Path file = folder.resolve("prod/checkout/limits.properties");
    assertThat(file).exists();
    assertThat(world.ok("diff -f " + folder + " --exit-code -o json")).isEqualTo("[]\n");
    Files.writeString(file, "a=2\n");
    Files.writeString(folder.resolve("prod/checkout/text.txt"), "hello\n");
    assertThat(world.zookit("diff -f " + folder + " --exit-code").code()).isEqualTo(1);
    Golden.check("config/diff-folder.txt", world.ok("diff -f " + folder));
    Golden.check(
        "config/apply-dry-run.json", world.ok("apply -f " + folder + " --dry-run -o json"));
    Golden.check("config/apply.txt", world.ok("apply -f " + folder + " -m git"));
    assertThat(world.ok("get" + NS + "a")).isEqualTo("2\n");
    assertThat(world.ok("get prod/checkout/text")).isEqualTo("hello\n");
    assertThat(world.ok("diff" + NS + "-f " + file)).contains("no difference");
    world.desk.reading("a=3\n");
    world.ok("apply" + NS + "-f -");
    assertThat(world.ok("get" + NS + "a")).isEqualTo("3\n");
    assertThat(world.zookit("apply -f " + home.resolve("none")).code()).isEqualTo(2);
    assertThat(world.zookit("apply" + NS + "-f " + home.resolve("none")).code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void files_afterAnotherFormatAndADeletion_areAppliedAgain() throws Exception {
    publish("a=1");
    world.ok("ns create prod/checkout/old");
    world.ok("patch prod/checkout/old b=1 -m first");
    Path folder = home.resolve("out");
    world.ok("export --to " + folder);
    Path readme = Files.writeString(folder.resolve("prod/checkout/README.md"), "about\n");
    world.desk.reading("a: 2\n");
    world.ok("apply" + NS + "-f - --format yaml -m 'another format'");
    world.ok("ns delete prod/checkout/old --yes");

    Outcome exported = world.zookit("export --to " + folder);

    assertThat(exported.code()).as(exported.toString()).isZero();
    assertThat(folder.resolve("prod/checkout/limits.yaml")).hasContent("a: 2");
    assertThat(folder.resolve("prod/checkout/limits.properties")).doesNotExist();
    assertThat(folder.resolve("prod/checkout/old.properties")).doesNotExist();
    assertThat(readme).exists();
    assertThat(exported.err())
        .contains("limits.properties, which is out of date", "old.properties, which is");
    assertThat(world.ok("diff -f " + folder + " --exit-code -o json")).isEqualTo("[]\n");
    assertThat(world.zookit("apply -f " + folder + " --prune").code()).isZero();
  }

  @Test
  @Tag("full")
  void apply_prune_showsAndDeletesNamespacesOfTheApplicationWithoutAFile() throws Exception {
    publish("a=1");
    world.ok("ns create prod/checkout/old");
    world.ok("patch prod/checkout/old b=1 -m first");
    world.ok("ns create prod/billing/other");
    world.ok("patch prod/billing/other b=1 -m first");
    world.ok("ns create prod/checkout/empty");
    Path folder = home.resolve("out");
    world.ok("export" + NS + "--to " + folder);
    String apply = "apply -f " + folder + " --prune -m 'as in git'";

    Outcome shown = world.zookit(apply + " --dry-run");
    assertThat(shown.code()).isZero();
    assertThat(shown.err())
        .isEqualTo(
            "prod/checkout/old: has no file and would be deleted; 0 live instances would be notified\n");
    assertThat(world.zookit(apply).code()).isEqualTo(2);
    world.desk.answering("n");
    assertThat(world.zookit(apply).code()).isEqualTo(8);
    world.desk.alone();
    assertThat(world.ok("get prod/checkout/old b")).isEqualTo("1\n");

    Outcome pruned = world.zookit(apply + " --yes");

    assertThat(pruned.code()).as(pruned.toString()).isZero();
    assertThat(pruned.err()).contains("namespace prod/checkout/old is deleted; it can be restored");
    assertThat(world.zookit("get prod/checkout/old").code()).isEqualTo(3);
    assertThat(world.ok("get prod/billing/other b")).isEqualTo("1\n");
    assertThat(world.ok("ns describe prod/checkout/empty -o json")).contains("\"deleted\": false");
    assertThat(world.zookit("apply" + NS + "-f - --prune").code()).isEqualTo(2);
  }

  @Test
  void whatIsMalformed_isRejected() throws Exception {
    Path file = home.resolve("limits.json");
    Files.writeString(file, "{");
    assertThat(world.zookit("publish" + NS + "-f " + file).code()).isEqualTo(5);
    assertThat(world.zookit("validate" + NS + "-f " + file).code()).isEqualTo(5);
    assertThat(world.ok("log" + NS + "-o name")).isEmpty();
  }

  @Test
  @Tag("full")
  void head_thatIsDamaged_isSaidByBackupAndRepaired() throws Exception {
    publish("a=1", "a=2");
    assertThat(world.zookit("head repair" + NS + "--yes").code()).isEqualTo(4);
    try (ZooKeeper plain = new ZooKeeper(zooKeeper.connectString(), 20_000, event -> {})) {
      await().atMost(Desk.LONG).until(() -> plain.getState().isConnected());
      plain.setData(
          world.root() + "/config/prod/apps/checkout/limits/head", new byte[] {1, 2, 3}, -1);
    }
    Outcome backup = world.zookit("backup " + home.resolve("b"));
    assertThat(backup.code()).isEqualTo(1);
    assertThat(backup.err()).contains("not saved: prod/checkout/limits");
    assertThat(home.resolve("b")).exists();

    assertThat(world.zookit("head repair" + NS + "--dry-run").err())
        .contains("release 2 is stable, the last one is 2");
    assertThat(world.zookit("get" + NS + "a").code()).isEqualTo(1);
    world.ok("head repair" + NS + "--yes -m repaired");

    assertThat(world.ok("get" + NS + "a")).isEqualTo("2\n");
    world.ok("audit" + NS + "--verify");
  }

  @Test
  @Tag("full")
  void publish_aSmallTextThatFlattensToTooMuch_isRejectedWithTheFigure() throws Exception {
    Path file = home.resolve("limits.yaml");
    String text = ("{" + "n".repeat(1_000) + ": ").repeat(20) + "[" + "0,".repeat(1_000) + "]"
        + "}".repeat(20);
    Files.writeString(file, text);
    Outcome refused = world.zookit("publish" + NS + "-f " + file);
    assertThat(refused.code()).isEqualTo(5);
    assertThat(refused.err())
        .containsPattern("\\d{8} characters of flat keys and values .expected: at most 8388608");
    Files.writeString(file, text.replace("0,", "0,".repeat(19)));
    refused = world.zookit("publish" + NS + "-f " + file);
    assertThat(refused.code()).isEqualTo(5);
    assertThat(refused.err()).contains("more than 67108864 characters of flat keys and values");

    world.ok("policy set" + NS + "--max-characters 100");
    assertThat(world.zookit("policy set" + NS + "--max-keys 0").code()).isEqualTo(2);
    Files.writeString(file, "a: " + "v".repeat(100));
    refused = world.zookit("publish" + NS + "-f " + file);
    assertThat(refused.code()).isEqualTo(5);
    assertThat(refused.err())
        .contains("101 characters of flat keys and values (expected: at most 100)");
  }

  @Test
  @Tag("full")
  void publish_expectingAnotherRelease_isAConflict() throws Exception {
    publish("a=1", "a=2");
    Path file = home.resolve("limits.properties");
    Files.writeString(file, "a=3\n");
    Outcome conflict = world.zookit("publish" + NS + "--expect 1 -f " + file);
    assertThat(conflict.code()).isEqualTo(4);
    Golden.check("config/conflict.txt", conflict.err());
    assertThat(world.zookit("publish" + NS + "--expect 1 --dry-run -f " + file).code())
        .isEqualTo(4);
    world.ok("publish" + NS + "--expect 2 -f " + file);
  }

  @Test
  @Tag("full")
  void set_inADraftWithOtherChanges_saysWhichAndOnWhichBase() {
    publish("a=1");
    assertThat(world.zookit("set" + NS + "a=2").err()).isEmpty();
    world.ok("set" + NS + "--secret token=t --draft other --keys " + keyFile());
    Outcome set = world.zookit("set" + NS + "b=1 a=3");
    assertThat(set.err()).isEmpty();
    Golden.check("config/set-others.txt", world.zookit("set" + NS + "c=1").err());
    for (String text : new String[] {"a=1\nd=1\n", "a=1\nd=2\n"}) {
      world.desk.reading(text);
      world.ok("publish" + NS + "-f -");
    }
    Outcome late = world.zookit("unset" + NS + "c");
    assertThat(late.err())
        .contains("is based on release 1, but release 3 is stable")
        .contains("config draft rebase prod/checkout/limits`");
    Outcome secret = world.zookit("set" + NS + "x=1 --draft other --keys " + keyFile());
    assertThat(secret.err()).contains("+ token = (secret)");
  }

  @Test
  void publish_offATerminal_showsTheDifferenceAsAMessageAndGoesOn() {
    publish("a=1");
    world.ok("set" + NS + "a=2");
    Outcome published = world.zookit("publish" + NS + "-o name");
    assertThat(published.out()).isEqualTo("2\n");
    Golden.check("config/publish-review.txt", published.err());
  }

  @Test
  void publish_onATerminal_asksUnlessToldNotTo() throws Exception {
    publish("a=1");
    world.ok("set" + NS + "a=2");
    world.desk.answering("n", "y");
    assertThat(world.zookit("publish" + NS).code()).isEqualTo(8);
    assertThat(world.ok("get" + NS + "a --color never")).isEqualTo("1\n");
    assertThat(world.zookit("publish" + NS).code()).isZero();
    assertThat(world.ok("get" + NS + "a --color never")).isEqualTo("2\n");
    Path file = Files.writeString(home.resolve("limits.properties"), "a=3\n");
    assertThat(world.zookit("apply" + NS + "-f " + file).code()).isEqualTo(8);
    assertThat(world.zookit("apply" + NS + "--yes -f " + file).code()).isZero();
    assertThat(world.ok("get" + NS + "a --color never")).isEqualTo("3\n");
  }

  @Test
  @Tag("full")
  void publish_aDraftOnAnOlderRelease_isAConflictThatNamesTheWayOut() {
    publish("a=1");
    world.ok("set" + NS + "a=2 --draft mine");
    publish("a=3");
    Outcome conflict = world.zookit("publish" + NS + "--draft mine");
    assertThat(conflict.code()).isEqualTo(4);
    Golden.check("config/conflict-draft.txt", conflict.err());
    Outcome expecting = world.zookit("publish" + NS + "--draft mine --expect 2");
    assertThat(expecting.code()).isEqualTo(4);
    assertThat(expecting.err()).contains("based on release 1 (expected: 2)");
  }

  private Path keyFile() {
    try {
      Path keys = Files.writeString(
          home.resolve("keys"), "one=" + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
      return Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Tag("full")
  void names_thatAreNotThere_areNotFound() {
    for (String command : new String[] {
      "get prod/a/none",
      "log prod/a/none",
      "audit prod/a/none",
      "instances prod/a/none",
      "watch prod/a/none",
      "ns describe prod/a/none",
      "draft show prod/a/none",
      "gray status prod/a/none",
      "gray abort prod/a/none x --yes"
    }) {
      Outcome outcome = world.zookit(command);
      assertThat(outcome.code()).as(command + outcome).isEqualTo(3);
      assertThat(outcome.out()).isEmpty();
    }
    publish("a=1");
    assertThat(world.zookit("get" + NS + "b").code()).isEqualTo(3);
    assertThat(world.zookit("get" + NS + "-r 7").code()).isEqualTo(3);
    assertThat(world.zookit("diff" + NS + "1..7").code()).isEqualTo(3);
  }

  @Test
  void words_thatAreWrong_areUsage() {
    for (String command : new String[] {
      "get limits",
      "get prod/checkout",
      "set" + NS + "novalue",
      "diff" + NS + "1",
      "gray start" + NS + "--to nonsense(",
      "apply",
      "publish" + NS + "--within soon",
      "access --grant nobody=digest:a:b --yes",
      "ns",
      "config"
    }) {
      Outcome outcome = world.zookit(command);
      assertThat(outcome.code()).as(command + outcome).isEqualTo(2);
      assertThat(outcome.out()).isEmpty();
    }
  }

  @Test
  @Tag("full")
  void secrets_areSealedHiddenAndRevealedWithTheKey() throws Exception {
    String first = "one=" + Base64.getEncoder().encodeToString(new byte[32]);
    byte[] other = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    Path keys = Files.writeString(home.resolve("keys"), first + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    String with = " --keys " + keys;
    world.desk.reading("hunter2\n");
    world.ok("set" + NS + "--secret api-key=-" + with);
    world.ok("publish" + NS + with);
    assertThat(world.ok("get" + NS)).isEqualTo("api-key=(secret)\n");
    assertThat(world.ok("get" + NS + "api-key -o json"))
        .contains("\"value\": \"(secret)\"", "\"secret\": true");
    assertThat(world.ok("get" + NS + "api-key --reveal" + with)).isEqualTo("hunter2\n");
    assertThat(world.zookit("get" + NS + "api-key --reveal").code()).isEqualTo(6);
    assertThat(world.ok("audit" + NS).lines())
        .satisfiesExactly(
            heading -> assertThat(heading).startsWith("REVISION"),
            opened -> assertThat(opened).contains("reveal", "opened api-key"),
            published -> assertThat(published).contains("publish"),
            created -> assertThat(created).contains("create"));
    assertThat(world.ok("audit --all prod/checkout/limits -o json"))
        .contains("\"action\": \"reveal\"", "\"message\": \"opened api-key\"");
    Files.writeString(keys, first + "\ntwo=" + Base64.getEncoder().encodeToString(other) + "\n");
    Outcome rotated = world.zookit("keys rotate prod" + with);
    assertThat(rotated).isEqualTo(new Outcome(0, "", "wrapped 1 data key with the current key\n"));
    assertThat(world.ok("keys list prod")).contains("two");
    assertThat(world.ok("keys list prod -o name").lines()).hasSize(1);
    world.ok("keys rotate prod --data" + with);
    assertThat(world.ok("keys list prod -o name").lines()).hasSize(2);
    assertThat(world.ok("get" + NS + "api-key --reveal" + with)).isEqualTo("hunter2\n");
  }

  @Test
  @Tag("full")
  void set_valueOnTheInput_isTakenWholeOrWithoutItsOneLineEnd() {
    String pem = "-----BEGIN PRIVATE KEY-----\nMIIE\n  vQ=\\\n-----END PRIVATE KEY-----\n";
    for (String typed : new String[] {pem, "one", "one\n", "one\r\n", "\n\n", "two\nlines"}) {
      world.desk.reading(typed);
      world.ok("set" + NS + "key=-");
      String expected = typed.strip().equals("one") ? "one" : typed;
      world.ok("publish" + NS);
      assertThat(world.ok("get" + NS + "key")).isEqualTo(expected + "\n");
    }
  }

  @Test
  void input_thatIsNotUtf8_isRejectedAndNamesTheByte() throws Exception {
    byte[] latin1 = "a=gr\u00fcn\n".getBytes(StandardCharsets.ISO_8859_1);
    world.desk.reading(latin1);
    Path folder = Files.createDirectories(home.resolve("in/prod/checkout"));
    Path file = Files.write(folder.resolve("limits.properties"), latin1);
    for (String command : new String[] {
      "set" + NS + "a=-",
      "set" + NS + "--secret a=-",
      "publish" + NS + "-f -",
      "publish" + NS + "-f " + file,
      "validate" + NS + "-f -",
      "apply" + NS + "-f -",
      "apply -f " + home.resolve("in"),
      "diff" + NS + "-f -",
      "gray start" + NS + "--to everyone -f -",
      "policy set" + NS + "--schema -"
    }) {
      Outcome refused = world.zookit(command);
      assertThat(refused.code()).as(command + refused).isEqualTo(5);
      assertThat(refused.err()).as(command).contains("not valid UTF-8 at byte offset 4");
    }
    assertThat(world.ok("log" + NS + "-o name")).isEmpty();
    assertThat(world.ok("draft list" + NS + "-o name")).isEmpty();
  }

  @Test
  void input_askedForTwice_isRefusedBeforeAnythingChanges() {
    world.desk.reading("x\ny\n");
    Outcome refused = world.zookit("set" + NS + "a=- b=-");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("-: given for a and for b (expected: once");
    assertThat(world.ok("draft list" + NS + "-o name")).isEmpty();
  }

  @Test
  @Tag("full")
  void backup_ontoAFullDisk_fails() {
    publish("a=1");
    world.desk.writingTo(new FullDisk(100));
    Outcome lost = world.zookit("backup -");
    assertThat(lost.code()).isEqualTo(1);
    assertThat(lost.err()).contains("the disk is full").doesNotContain("are saved");
  }

  @Test
  @Tag("full")
  void backup_broughtBackElsewhere_isTheSame() {
    publish("a=1", "a=2");
    Path file = home.resolve("all.backup");
    world.ok("backup " + file);
    assertThat(world.zookit("backup " + file).code()).isEqualTo(4);
    ConfigWorld other = new ConfigWorld(zooKeeper.connectString(), zooKeeper.freshRoot(), home);
    assertThat(other.zookit("restore " + file).code()).isEqualTo(2);
    assertThat(other.ok("restore --yes " + file)).isEqualTo("prod/checkout/limits\n");
    assertThat(other.ok("get" + NS + "a")).isEqualTo("2\n");
    assertThat(other.zookit("restore --yes " + home.resolve("none")).code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void restore_ofWhatIsNoWholeBackup_saysWhyAndWritesNothing() throws Exception {
    publish("a=1");
    Path whole = home.resolve("all.backup");
    world.ok("backup " + whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(home.resolve("cut"), Arrays.copyOf(bytes, bytes.length - 5));
    Path other = Files.writeString(home.resolve("other"), "no backup");
    ConfigWorld elsewhere = new ConfigWorld(zooKeeper.connectString(), zooKeeper.freshRoot(), home);
    Outcome refused = elsewhere.zookit("restore --yes " + cut);
    assertThat(refused)
        .isEqualTo(new Outcome(
            5,
            "",
            "zookit: " + cut
                + ": cannot be read (the backup is cut short); nothing was written\n"));
    assertThat(elsewhere.zookit("restore --yes " + other).err())
        .contains("not a backup of a configuration");
    assertThat(elsewhere.zookit("restore --yes " + home).err()).contains("directory");
    assertThat(elsewhere.ok("ns list -o name")).isEmpty();
  }

  @Test
  @Tag("full")
  void restore_besideOtherReleases_isRefusedBeforeAnythingIsWritten() throws Exception {
    publish("a=1");
    world.ok("ns create prod/another/limits");
    world.ok("set prod/another/limits a=1");
    world.ok("publish prod/another/limits");
    Path file = home.resolve("all.backup");
    world.ok("backup " + file);
    ConfigWorld other = new ConfigWorld(zooKeeper.connectString(), zooKeeper.freshRoot(), home);
    other.ok("ns create" + NS);
    other.ok("set" + NS + "a=2");
    other.ok("publish" + NS);
    Outcome refused = other.zookit("restore --yes " + file);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("/0000000001: exists with other data than in the backup");
    assertThat(other.ok("ns list -o name")).isEqualTo("prod/checkout/limits\n");
    ZooKeeper zk = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    try {
      assertThat(zk.exists(other.root() + "/config/prod/apps/another", false)).isNull();
    } finally {
      zk.close();
    }
  }

  @Test
  @Tag("full")
  void lists_damagedHeadAndForbiddenFolder_areRowsAndTheOthersAreListed() throws Exception {
    publish("a=1");
    for (String name : new String[] {"damaged", "zebra"}) {
      world.ok("ns create prod/checkout/" + name);
    }
    world.ok("ns create prod/secret/limits");
    ZooKeeper zk = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    try {
      String apps = world.root() + "/config/prod/apps/";
      zk.setData(apps + "checkout/damaged/head", "garbage".getBytes(StandardCharsets.UTF_8), -1);
      zk.setACL(
          apps + "secret",
          Collections.singletonList(new ACL(Perms.ALL, new Id("digest", "eve:AAAA"))),
          -1);
    } finally {
      zk.close();
    }
    Outcome listed = world.zookit("ns list");
    assertThat(listed.code()).as(listed.toString()).isEqualTo(1);
    assertThat(listed.out())
        .containsPattern("prod/checkout/damaged +cannot be read: ")
        .containsPattern("prod/checkout/limits +1 +in force")
        .containsPattern("prod/checkout/zebra +no release")
        .containsPattern("prod/secret/\\* +cannot be read: ");
    assertThat(listed.err()).isEqualTo("cannot be read: prod/checkout/damaged, prod/secret/*\n");
    assertThat(world.ok("ns list prod/checkout/l -o name")).isEqualTo("prod/checkout/limits\n");

    Outcome exported = world.zookit("export --to " + home.resolve("out"));
    assertThat(exported.code()).as(exported.toString()).isEqualTo(1);
    assertThat(exported.out())
        .contains("prod/checkout/damaged cannot be read: ", "prod/secret/* cannot be read: ");
    assertThat(home.resolve("out/prod/checkout/limits.properties")).exists();

    Outcome collected = world.zookit("gc --yes");
    assertThat(collected.code()).as(collected.toString()).isEqualTo(1);
    assertThat(collected.out())
        .containsPattern("prod/checkout/damaged +releases +0 +cannot be read: ");
  }

  @Test
  @Tag("full")
  void gc_nothingBeyondRetention_removesNothing() {
    publish("a=1", "a=2");
    assertThat(world.zookit("gc --dry-run"))
        .isEqualTo(new Outcome(0, "", "there is nothing to remove\n"));
    assertThat(world.ok("log" + NS + "-o name")).isEqualTo("2\n1\n");
  }

  @Test
  @Tag("full")
  void edit_editorOfTheUser_savesWhatItLeaves() {
    publish("a=1");
    assertThat(world.zookit("edit" + NS).code()).isEqualTo(2);
    world.desk.answering().with("EDITOR", "sed -i s/1/2/");
    world.ok("edit" + NS + "--color never");
    assertThat(world.ok("draft show" + NS + "--color never")).isEqualTo("a=2\n");
    assertThat(world.zookit("edit" + NS).code()).isZero();
    world.desk.with("EDITOR", "false");
    assertThat(world.zookit("edit" + NS).code()).isEqualTo(8);
  }

  @Test
  @Tag("full")
  void edit_textOfNoFormat_isKeptInAFileAndNotSaved() throws Exception {
    Path file = Files.writeString(home.resolve("limits.json"), "{\"a\": 1}");
    world.ok("publish" + NS + "-f " + file);
    world.desk.answering().with("EDITOR", "sed -i s/}//");
    Outcome refused = world.zookit("edit" + NS + "--color never");
    assertThat(refused.code()).isEqualTo(5);
    String kept = refused.err().lines().findFirst().orElse("").replace("what you wrote is in ", "");
    assertThat(Path.of(kept)).hasContent("{\"a\": 1");
    assertThat(world.ok("draft list" + NS + "-o name")).isEmpty();
    Files.delete(Path.of(kept));
  }

  @Test
  @Tag("full")
  void access_hasMovedToAGroupOfItsOwn() {
    Outcome moved = world.zookit("access --yes --grant application=digest:shop:AAAA");
    assertThat(moved.code()).isEqualTo(2);
    assertThat(moved.err()).contains("zookit access init, grant and apply");
  }

  @Test
  void patch_ofKeys_isOneReleaseInOneCall() {
    world.ok("patch" + NS + "max-orders=100 burst=5 -m first");
    world.ok("set" + NS + "max-orders=1");
    Outcome dry = world.zookit("patch" + NS + "max-orders=200 --unset burst --dry-run");
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("~ max-orders = 100 -> 200", "- burst = 5");
    world.ok("patch" + NS + "max-orders=200 --unset burst -m sale");
    assertThat(world.ok("get" + NS)).isEqualTo("max-orders=200\n");
    assertThat(world.ok("log" + NS + "-o name")).isEqualTo("2\n1\n");
    assertThat(world.ok("draft list" + NS + "-o name")).isEqualTo("main\n");
    assertThat(world.zookit("patch" + NS).code()).isEqualTo(2);
    assertThat(world.zookit("patch" + NS + "--unset none").code()).isEqualTo(3);
  }

  @Test
  void missing_thing_namesTheNextCommand() {
    assertThat(world.zookit("patch prod/checkout/none a=1").err())
        .contains("does not exist; create it with `zookit config ns create prod/checkout/none`");
    assertThat(world.zookit("publish" + NS).err())
        .contains("`zookit config draft list prod/checkout/limits` lists them");
    assertThat(world.zookit("show" + NS + "7").err())
        .contains("`zookit config log prod/checkout/limits` lists them");
  }
}
