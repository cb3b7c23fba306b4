package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit job define} and {@code diff}: jobs in a file, next to those that are stored. */
class JobDefineIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Job NIGHTLY = Job.named("nightly").cron("0 15 2 1 1 ?", BERLIN);
  private static final String FILE = """
      - name: nightly
        cron: 0 30 2 1 1 ?
        zone: Europe/Berlin
        maxRunTime: 30m
      - name: weekly
        cron: 0 0 3 ? * MON
        zone: Europe/Berlin
      """;

  @TempDir
  private Path folder;

  private String root = "";
  private Desk desk = new Desk(Path.of(""));
  private ZkClient client;
  private JobLedger ledger;

  @BeforeEach
  void open() throws Exception {
    root = zooKeeper.freshRoot();
    desk = new Desk(folder).with("ZOOKIT_CONNECT", zooKeeper.connectString());
    client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect();
    ledger = JobLedger.in(client);
    Files.writeString(folder.resolve("jobs.yaml"), FILE);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Outcome zookit(String verb, String options) {
    return desk.type(
        "job " + verb + " -f " + folder.resolve("jobs.yaml") + " " + options + " --root " + root);
  }

  private static String ok(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    return outcome.out();
  }

  @Test
  void define_newJobs_areCreatedAndThenUnchanged() throws Exception {
    Golden.exact("job/diff-new.txt", ok(zookit("diff", "")));
    Golden.exact("job/define-dry-run.json", ok(zookit("define", "--dry-run -o json")));
    assertThat(ledger.list()).isEmpty();

    Golden.exact("job/define-created.txt", ok(zookit("define", "")));
    Golden.exact("job/define-unchanged.json", ok(zookit("define", "-o json")));
    assertThat(ledger.list()).hasSize(2).allMatch(view -> view.version() == 0);
    assertThat(ok(zookit("diff", "--exit-code -o json"))).isEqualTo("[]\n");
  }

  @Test
  void define_differentJob_isRefusedUnlessItIsReplacedOrKept() throws Exception {
    ledger.define(NIGHTLY);
    Outcome different = zookit("diff", "--exit-code");
    assertThat(different.code()).isEqualTo(1);
    Golden.exact("job/diff.txt", different.out());
    Golden.exact("job/diff.json", ok(zookit("diff", "-o json")));

    Outcome refused = zookit("define", "");
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.out()).isEmpty();
    Golden.exact("job/define-refused.txt", refused.err());
    assertThat(ledger.list()).extracting(view -> view.job()).containsExactly(NIGHTLY);

    Golden.exact("job/define-kept.txt", ok(zookit("define", "--policy create")));
    assertThat(ledger.find("nightly").orElseThrow().job()).isEqualTo(NIGHTLY);
    assertThat(ledger.find("weekly")).isPresent();
    Golden.exact("job/define-replaced.txt", ok(zookit("define", "--policy REPLACE")));
    assertThat(ledger.find("nightly").orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void define_failureInTheMiddle_saysWhatIsDone() throws Exception {
    Files.writeString(
        folder.resolve("jobs.yaml"),
        "[{name: a}, {name: past, once: \"2020-01-01T00:00:00Z\"}, {name: b}]");

    Outcome failed = zookit("define", "");

    assertThat(failed.code()).as(failed.toString()).isNotZero();
    assertThat(failed.err())
        .startsWith("done: a; failed: past; not tried: b\n")
        .contains("never fire");
    assertThat(ledger.list()).extracting(view -> view.job().name()).containsExactly("a");
  }

  @Test
  void define_wrongInput_changesNothing() throws Exception {
    Files.writeString(folder.resolve("jobs.yaml"), "- name: a\n- name: b\n  overlap: often\n");
    Outcome wrong = zookit("define", "");
    assertThat(wrong.code()).isEqualTo(5);
    assertThat(wrong.err())
        .isEqualTo("zookit: " + folder.resolve("jobs.yaml")
            + ":3: overlap: \"often\" (expected: forbid, allow, replace, queue-one); nothing was"
            + " changed\n");
    assertThat(ledger.list()).isEmpty();
    assertThat(zookit("define", "--policy often").code()).isEqualTo(2);
    assertThat(desk.type("job define --root " + root).code()).isEqualTo(2);
    assertThat(desk.type("job diff -f none.yaml --root " + root).code()).isEqualTo(3);
    Outcome piped = desk.reading("name: piped\n").type("job define -f - --root " + root);
    assertThat(piped.code()).as(piped.toString()).isZero();
    assertThat(ledger.find("piped")).isPresent();
  }

  @Test
  void help_ofDefineAndDiff_isGolden() {
    Golden.exact("help/job-define.txt", desk.type("job define --help").out());
    Golden.exact("help/job-diff.txt", desk.type("job diff --help").out());
  }

  @Test
  void changes_withReasons_areInTheAudit() throws Exception {
    ledger.define(Job.named("report"));
    ok(desk.type("job pause report -m 'the warehouse is closed' --by ana --root " + root));
    ok(desk.type("job resume report -m 'it is open' --by ana --root " + root));
    ok(desk.type("job trigger report --id t1 -m 'no data' --by bob --root " + root));
    ok(desk.type("job delete report --yes -m 'no longer needed' --by bob --root " + root));

    String audit = ok(desk.type("audit list -o json --root " + root));

    assertThat(audit)
        .containsSubsequence(
            "\"job.delete\"",
            "\"no longer needed\"",
            "\"bob\"",
            "\"job.trigger\"",
            "\"t1: no data\"",
            "\"bob\"",
            "\"job.resume\"",
            "\"it is open\"",
            "\"ana\"",
            "\"job.pause\"",
            "\"the warehouse is closed\"",
            "\"ana\"");
  }
}
