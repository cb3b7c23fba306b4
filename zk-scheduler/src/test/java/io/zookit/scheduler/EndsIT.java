package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.scheduler.ProcessNodes.Told;
import io.zookit.scheduler.history.JdbcHistory;
import io.zookit.scheduler.history.JsonLinesHistory;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.OutcomeLog;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests the records of the ends of runs, and the handling of a run that has none. */
@Timeout(500)
class EndsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MOST_TRACE = 16_384;
  private static final int MOST_COLUMN = 4_000;
  private static final int MOST_SHOWN = 160;

  @TempDir
  Path folder = Path.of("");

  private final String root = zooKeeper.freshRoot();
  private final List<AutoCloseable> made = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = made.size() - 1; i >= 0; i--) {
      made.get(i).close();
    }
  }

  @Test
  void failure_ofAJob_isKeptWithItsWholeTraceInSinksAndShortInTheLedger() throws Exception {
    Path file = folder.resolve("runs.jsonl");
    JsonLinesHistory lines = new JsonLinesHistory(file, 1 << 20, 2);
    JdbcHistory table = table("traces");
    JobScheduler node = start(run -> {
      lines.append(run);
      table.append(run);
    });
    node.handle("report", run -> {
      throw new IllegalStateException("no paper", fallInto(3));
    });
    node.handle("abyss", run -> {
      throw new IllegalStateException("x".repeat(500), fallInto(700));
    });
    JobLedger ledger = ledger();
    for (String job : List.of("report", "abyss")) {
      ledger.define(Job.named(job).cron("0 0 3 1 1 ? 2190", ZoneOffset.UTC));
      ledger.trigger(job);
      await().atMost(LONG).until(() -> !error("traces", job).isEmpty());
    }

    RunRecord shown = ledger.history("report").get(0);
    assertThat(shown.outcome()).isEqualTo(SlotOutcome.FAILED);
    assertThat(shown.error()).isEqualTo("java.lang.IllegalStateException: no paper");
    assertThat(Files.readString(file))
        .contains("IllegalStateException: no paper\\n\\tat io.zookit.scheduler.EndsIT")
        .contains("Caused by: java.io.IOException: level 0");
    assertThat(error("traces", "report")).contains("Caused by: java.io.IOException: level 0");
    String deep = lines.runs("abyss", Instant.EPOCH, Instant.MAX).get(0).error();
    assertThat(deep).hasSize(MOST_TRACE).endsWith("…");
    assertThat(error("traces", "abyss")).hasSize(MOST_COLUMN);
    assertThat(ledger.history("abyss").get(0).error()).hasSize(MOST_SHOWN);
  }

  @Test
  void verify_whatTheLedgerNoLongerHolds_isFoundInTheSinks() throws Exception {
    JdbcHistory table = table("verified");
    JobScheduler node = start(table);
    ConcurrentLinkedQueue<JobRun> runs = new ConcurrentLinkedQueue<>();
    node.handle("tick", runs::add);
    JobLedger ledger = ledger();
    ledger.define(Job.named("tick").on(Schedule.every(Duration.ofSeconds(1))));
    await().atMost(LONG).until(() -> !runs.isEmpty());
    ledger.pause("tick", "enough");
    await().atMost(LONG).until(() -> ledger.find("tick").orElseThrow().running().isEmpty());
    Instant first = runs.element().slot().instant();
    await().atMost(LONG).until(() -> !table.runs("tick", Instant.EPOCH, first).isEmpty());
    forgetFates("tick");

    Verification alone = ledger.verify("tick", first.minusMillis(1), first);
    Verification together = ledger.verify("tick", first.minusMillis(1), first, List.of(table));

    assertThat(alone.isComplete()).isFalse();
    assertThat(alone.outcomes()).doesNotContainKey("RAN");
    assertThat(together.isComplete()).isTrue();
    assertThat(together.isClean()).isTrue();
    assertThat(together.outcomes()).containsOnly(Map.entry("RAN", 1L));
  }

  @Test
  void trigger_parametersThatDoNotFitTheLedger_areRefused() throws Exception {
    JobLedger ledger = ledger();
    ledger.define(Job.named("sized").cron("0 0 3 1 1 ? 2190", ZoneOffset.UTC));
    assertThat(ledger.trigger("sized", "small", Map.of("text", "x".repeat(4_000))))
        .isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ledger.trigger("sized", "large", Map.of("text", "x".repeat(4_096))))
        .withMessageMatching("parameters: 41\\d\\d bytes as JSON \\(expected: at most 4096\\)");
  }

  /** A process that is killed inside a run leaves the decision to an operator. */
  @Test
  @Tag("full")
  void death_insideARunOfAJobThatSaysManual_pausesItUntilSomebodyResumes() throws Exception {
    ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .connect();
    made.add(client);
    JobLedger ledger = JobLedger.in(client);
    ProcessNodes nodes = new ProcessNodes(zooKeeper.connectString());
    made.add(nodes);
    nodes.add(2);
    ledger.define(
        Job.named("tick").on(Schedule.every(Duration.ofSeconds(1))).onDeath(OnDeath.manual()));
    Told cut = killInside(nodes);

    await().atMost(LONG).until(() -> ledger.find("tick").orElseThrow().isPaused());

    JobView waiting = ledger.find("tick").orElseThrow();
    assertThat(waiting.paused()).isEqualTo("a run was orphaned");
    RunRecord orphan = ledger.history("tick").stream()
        .filter(run -> run.outcome() == SlotOutcome.ORPHANED)
        .findFirst()
        .orElseThrow();
    assertThat(orphan.slot().instant()).isEqualTo(cut.slot());
    assertThat(orphan.node()).isEqualTo(cut.who());
    assertThat(begunOf(nodes, cut.slot())).isEqualTo(1);
    assertThat(nodes.begun())
        .as("nothing runs behind a slot that waits")
        .noneMatch(told -> told.slot().isAfter(cut.slot()));

    ledger.resume("tick");
    assertThat(ledger.backfill("tick", cut.slot().minusMillis(1), cut.slot())).isEqualTo(1);
    await().atMost(LONG).until(() -> begunOf(nodes, cut.slot()) == 2);
    await()
        .atMost(LONG)
        .until(() -> nodes.begun().stream().anyMatch(told -> told.slot().isAfter(cut.slot())));
    assertThat(ledger.verify("tick", cut.slot().minusSeconds(1), Instant.now()).isClean())
        .isTrue();
  }

  private static Told killInside(ProcessNodes nodes) {
    List<Told> inside = new ArrayList<>();
    await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> {
      for (String name : nodes.names()) {
        if (inside.isEmpty() && nodes.isInside(name)) {
          nodes.kill(name);
          nodes.told().stream()
              .filter(told -> told.who().equals(name))
              .reduce((before, last) -> last)
              .filter(last -> last.what().equals("begin"))
              .ifPresentOrElse(inside::add, () -> again(nodes));
        }
      }
      return !inside.isEmpty();
    });
    return inside.get(0);
  }

  /** The run had ended before it was killed: another node for another try. */
  private static void again(ProcessNodes nodes) {
    try {
      nodes.add();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long begunOf(ProcessNodes nodes, Instant slot) {
    return nodes.begun().stream().filter(told -> told.slot().equals(slot)).count();
  }

  /** Simulates that more distinct outcomes were recorded since than the log holds, so that the old ones were dropped. */
  private void forgetFates(String job) throws Exception {
    CoreClient client = CoreClient.of(client("surgeon"));
    String path = new JobPaths(client.rootPath()).state(job).value();
    ZooKeeper plain = new ZooKeeper(zooKeeper.connectString(), 20_000, event -> {});
    made.add(plain);
    await().until(() -> plain.getState().isConnected());
    Stat stat = new Stat();
    StateRecord state = Records.read(
        Records.STATE,
        plain.getData(path, false, stat),
        new JobPaths(client.rootPath()).state(job));
    StateRecord later = state.withOutcomes(new OutcomeLog(state.watermark(), List.of()));
    plain.setData(path, Records.STATE.encode(later), stat.getVersion());
  }

  private static Throwable fallInto(int depth) {
    return depth == 0
        ? new java.io.IOException("level 0")
        : new java.io.IOException("level " + depth, fallInto(depth - 1));
  }

  private JdbcHistory table(String name) {
    JdbcHistory history = new JdbcHistory(source(), name);
    history.createTable();
    return history;
  }

  private static JdbcDataSource source() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:ends;DB_CLOSE_DELAY=-1");
    return source;
  }

  private static String error(String table, String job) throws Exception {
    try (Connection connection = source().getConnection();
        ResultSet found = connection
            .createStatement()
            .executeQuery("SELECT error FROM " + table + " WHERE job = '" + job + "'")) {
      return found.next() ? found.getString(1) : "";
    }
  }

  private ZkClient client(String label) {
    ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .connect();
    made.add(client);
    return client;
  }

  private JobLedger ledger() {
    return JobLedger.in(client("ledger"));
  }

  private JobScheduler start(HistorySink sink) {
    JobScheduler node = JobScheduler.builder(client("node"))
        .history(sink)
        .patience(Duration.ofMillis(200))
        .start();
    made.add(node);
    return node;
  }
}
