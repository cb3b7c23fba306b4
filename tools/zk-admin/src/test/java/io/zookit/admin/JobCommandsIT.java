package io.zookit.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit job} with nodes that run jobs. */
class JobCommandsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private String root = "";
  private Desk desk = new Desk(Path.of(""));
  private ZkClient client;
  private JobLedger ledger;

  @BeforeEach
  void open() {
    root = zooKeeper.freshRoot();
    desk = new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString());
    client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label("one")
        .connect();
    open.push(client);
    ledger = JobLedger.in(client);
  }

  @AfterEach
  void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private JobScheduler scheduler() {
    JobScheduler scheduler =
        JobScheduler.builder(client).history(HistorySink.none()).start();
    open.push(scheduler);
    return scheduler;
  }

  private Outcome zookit(String command) {
    return desk.type("job " + command + " --root " + root);
  }

  private String ok(String command) {
    Outcome outcome = zookit(command);
    assertThat(outcome.code()).as(command + outcome).isZero();
    return outcome.out();
  }

  private void awaitRuns(int runs) {
    await().atMost(Desk.LONG).until(() -> ledger.history("report").size() == runs);
  }

  private void spoil(String job) throws Exception {
    String path = zooKeeper.server().nodes(root).stream()
        .map(node -> node.path())
        .filter(each -> each.endsWith("/" + job + "/def"))
        .findFirst()
        .orElseThrow();
    try (ZooKeeper plain = new ZooKeeper(zooKeeper.connectString(), 20_000, event -> {})) {
      await().atMost(Desk.LONG).until(() -> plain.getState().isConnected());
      plain.setData(path, "no record".getBytes(UTF_8), -1);
    }
  }

  private Job yearly(String name) {
    return Job.named(name).cron("0 30 2 1 1 ?", ZoneId.of("Europe/Berlin"));
  }

  @Test
  @Tag("full")
  void list_definedJobs_isGoldenInEveryForm() throws Exception {
    assertThat(ok("list -o json")).isEqualTo("[]\n");
    ledger.define(yearly("nightly"));
    ledger.define(Job.named("by-hand").broadcast());
    ledger.define(Job.named("sync").on(Schedule.delay(Duration.ofDays(300))));
    Golden.check("job/list.txt", ok("list"));
    Golden.check("job/list.json", ok("list by-hand -o json"));
    assertThat(ok("list -o name")).isEqualTo("by-hand\nnightly\nsync\n");
    Golden.check("job/show.txt", ok("show nightly"));
  }

  @Test
  void list_recordOfOneUnreadable_listsTheOthersAndNamesIt() throws Exception {
    ledger.define(Job.named("good"));
    ledger.define(Job.named("spoilt"));
    spoil("spoilt");

    Outcome listed = zookit("list -o name");
    assertThat(listed.code()).isZero();
    assertThat(listed.out()).isEqualTo("good\n");
    assertThat(listed.err()).contains("job spoilt: cannot be read", "def");
    assertThat(ledger.listing().unreadable()).containsOnlyKeys("spoilt");
    assertThat(zookit("show spoilt").code()).isNotZero();
    assertThat(zookit("list -o name go").err()).isEmpty();
  }

  @Test
  void next_changeOfClocks_isNoted() throws Exception {
    ledger.define(Job.named("early").cron("0 30 2 29 3 ? 2043", ZoneId.of("Europe/Berlin")));
    Golden.check("job/next.txt", ok("next early -n 2"));
    Golden.exact("job/next.json", ok("next early -n 2 -o json"));
  }

  @Test
  @Tag("full")
  void trigger_sameIdAgain_runsOnce() throws Exception {
    scheduler().handle("report", run -> {});
    ledger.define(Job.named("report"));
    Golden.check("job/trigger.txt", ok("trigger report --id ticket-17 --param day=1"));
    awaitRuns(1);
    Golden.check("job/trigger-again.json", ok("trigger report --id ticket-17 -o json"));
    ok("trigger report");
    awaitRuns(2);
    assertThat(ok("history report")).contains("ran").contains("yes").contains("one");
    assertThat(ok("history report -o json")).contains("\"fate\": \"ran\"", "\"manual\": true");
    assertThat(ok("list")).contains("ran");
  }

  @Test
  void trigger_codeThatThrows_showsTheError() throws Exception {
    scheduler().handle("report", run -> {
      throw new IllegalStateException("no paper");
    });
    ledger.define(Job.named("report"));
    ok("trigger report --id t");
    awaitRuns(1);
    assertThat(ok("history report")).contains("failed", "no paper");
    assertThat(ok("show report")).contains("failed");
  }

  @Test
  void pauseAndResume_standInTheList() throws Exception {
    ledger.define(yearly("report"));
    assertThat(zookit("pause report -m 'no paper'"))
        .isEqualTo(new Outcome(0, "", "job report is paused\n"));
    assertThat(ok("list")).contains("paused");
    Golden.check("job/show-paused.txt", ok("show report"));
    ok("resume report");
    assertThat(ok("show report")).contains("waiting");
  }

  @Test
  @Tag("full")
  void cancel_runThatIsOn_interruptsIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    scheduler().handle("report", run -> {
      begun.countDown();
      never.await();
    });
    ledger.define(Job.named("report"));
    assertThat(zookit("cancel report --yes").code()).isEqualTo(3);
    ok("trigger report --id t");
    begun.await();
    assertThat(zookit("cancel report").code()).isEqualTo(2);
    assertThat(ok("show report")).contains("running");
    ok("cancel report --yes");
    awaitRuns(1);
    assertThat(ok("history report")).contains("failed");
  }

  @Test
  void delete_offATerminal_wantsYes() throws Exception {
    ledger.define(yearly("report"));
    assertThat(zookit("delete report").code()).isEqualTo(2);
    assertThat(zookit("delete report --dry-run").err()).isEqualTo("would do: delete job report\n");
    ok("delete report --yes");
    assertThat(zookit("show report").code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void verify_range_countsTheFates() throws Exception {
    ledger.define(yearly("report"));
    String now = Instant.now().toString();
    Outcome verified = zookit("verify report --from 2020-01-01T00:00:00Z --to " + now);
    assertThat(verified.code()).isZero();
    assertThat(verified.out()).contains("one fate per slot, as far as is known");
    assertThat(ok("verify report -o json")).contains("\"clean\": true", "\"gaps\": []");
    assertThat(zookit("verify report --from 2030-01-01T00:00:00Z --to 2020-01-01T00:00:00Z")
            .code())
        .isEqualTo(2);
    assertThat(zookit("verify report --from yesterday").code()).isEqualTo(2);
  }

  @Test
  void nodes_thatAreConnected_tellWhatTheyCanRun() {
    scheduler().handle("report", run -> {});
    await().atMost(Desk.LONG).until(() -> ok("nodes").contains("report"));
    assertThat(ok("nodes")).contains("one").contains("up");
    assertThat(ok("nodes -o json")).contains("\"report\": ");
  }

  @Test
  @Tag("full")
  void names_thatAreNotThere_areNotFound() {
    for (String verb : new String[] {
      "show x",
      "next x",
      "trigger x",
      "pause x",
      "resume x",
      "history x",
      "verify x",
      "delete x --yes",
      "cancel x --yes"
    }) {
      Outcome outcome = zookit(verb);
      assertThat(outcome.code()).as(verb + outcome).isEqualTo(3);
      assertThat(outcome.out()).isEmpty();
    }
  }
}
