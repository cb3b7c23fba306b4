package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.history.JsonLinesHistory;
import io.zookit.scheduler.time.Schedule;
import io.zookit.scheduler.time.Slot;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit job} about slots that the ledger has forgotten: one each minute, five in all. */
@Tag("full")
class JobPastIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path folder;

  private String root = "";
  private Desk desk = new Desk(Path.of(""));

  @BeforeEach
  void defineAJobWhoseFatesAreForgotten() throws Exception {
    root = zooKeeper.freshRoot();
    desk = new Desk(folder).with("ZOOKIT_CONNECT", zooKeeper.connectString());
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect()) {
      JobLedger.in(client).define(Job.named("report").on(Schedule.every(MINUTE)));
    }
    try (ZooKeeper plain = new ZooKeeper(zooKeeper.connectString(), 20_000, event -> {})) {
      await().atMost(Desk.LONG).until(() -> plain.getState().isConnected());
      long reach = slot(5).toEpochMilli();
      edit(plain, "state", state -> state.put("mark", reach).put("since", reach));
      edit(
          plain,
          "def",
          def -> ((ObjectNode) def.withArray("eras").get(0)).put("since", BEGIN.toEpochMilli()));
    }
  }

  private void edit(ZooKeeper plain, String name, Consumer<ObjectNode> change) throws Exception {
    String path = zooKeeper.server().nodes(root).stream()
        .map(node -> node.path())
        .filter(each -> each.endsWith("/report/" + name))
        .findFirst()
        .orElseThrow();
    ObjectNode tree = (ObjectNode) JSON.readTree(plain.getData(path, false, null));
    change.accept(tree);
    plain.setData(path, JSON.writeValueAsBytes(tree), -1);
  }

  private static Instant slot(int number) {
    return BEGIN.plus(MINUTE.multipliedBy(number));
  }

  private static RunRecord run(int slot, String id, SlotOutcome fate) {
    Instant at = slot(slot);
    return new RunRecord(
        "report", id, Slot.at(at), false, "one", 1, at, at.plusSeconds(3), fate, false, null);
  }

  private Outcome verify(String histories) {
    return desk.type("job verify report --from " + BEGIN + " --to " + slot(5) + " " + histories
        + " --root " + root);
  }

  /** Two nodes, one of which has filled a file. */
  private void writeAllButTheThird() {
    JsonLinesHistory small = new JsonLinesHistory(folder.resolve("one.jsonl"), 300, 3);
    small.append(run(1, "c1", SlotOutcome.RAN));
    small.append(run(2, "c2", SlotOutcome.FAILED));
    JsonLinesHistory other = JsonLinesHistory.of(folder.resolve("two.jsonl"));
    other.append(run(4, "c4", SlotOutcome.ORPHANED));
    other.append(run(5, "c5", SlotOutcome.RAN));
    assertThat(folder.resolve("one.jsonl.1")).exists();
  }

  @Test
  void verify_withoutHistory_knowsNothingBeforeTheLedger() {
    Outcome alone = verify("");
    assertThat(alone.code()).as(alone.toString()).isZero();
    Golden.exact("job/verify-forgotten.txt", alone.out());
  }

  @Test
  void backfill_pastSlots_areAskedForOnce() {
    String range = "--from " + BEGIN + " --to " + slot(4);
    Outcome asked = desk.type("job backfill report " + range + " --root " + root);
    assertThat(asked.code()).as(asked.toString()).isZero();
    Golden.exact("job/backfill.txt", asked.out());
    Golden.exact(
        "job/backfill.json",
        desk.type("job backfill report " + range + " -o json --root " + root).out());
    assertThat(zooKeeper.server().nodes(root))
        .filteredOn(node -> node.path().contains("/report/manual/"))
        .hasSize(4);
    assertThat(desk.type("job backfill report --root " + root).code()).isEqualTo(2);
    assertThat(desk.type("job backfill report --from " + slot(4) + " --to " + BEGIN)
            .code())
        .isEqualTo(2);
    assertThat(desk.type("job backfill none " + range + " --root " + root).code())
        .isEqualTo(3);
  }

  @Test
  void history_ofSlots_isGoldenWithTheReasonsOfSkippedOnes() throws Exception {
    try (ZooKeeper plain = new ZooKeeper(zooKeeper.connectString(), 20_000, event -> {})) {
      await().atMost(Desk.LONG).until(() -> plain.getState().isConnected());
      String outcomes = "R" + base36(slot(1)) + ",p" + base36(slot(2)) + ",M" + base36(slot(4));
      edit(
          plain, "state", state -> state.put("since", BEGIN.toEpochMilli()).put("fates", outcomes));
    }
    Golden.exact(
        "job/history.txt", desk.type("job history report --root " + root).out());
    Golden.exact(
        "job/history.json",
        desk.type("job history report -n 3 -o json --root " + root).out());
    assertThat(desk.type("job history report -n 0 --root " + root).code()).isNotZero();
    assertThat(desk.type("job history none --root " + root).code()).isEqualTo(3);
  }

  private static String base36(Instant slot) {
    return Long.toString(slot.toEpochMilli(), Character.MAX_RADIX);
  }

  @Test
  void help_ofVerify_isGolden() {
    Golden.exact("help/job-verify.txt", desk.type("job verify --help").out());
  }

  @Test
  void verify_slotThatNoFileHas_isUnknown() {
    writeAllButTheThird();
    String one = "--history " + folder.resolve("one.jsonl");
    String two = " --history " + folder.resolve("two.jsonl");
    Outcome partly = verify(one + two);
    assertThat(partly.code()).as(partly.toString()).isZero();
    assertThat(partly.err()).isEmpty();
    Golden.exact("job/verify-unknown.txt", partly.out());
    assertThat(verify(one).out()).contains("UNKNOWN=3");
  }

  @Test
  void verify_filesThatHaveAll_areGoldenAlsoAsAFolder() {
    writeAllButTheThird();
    JsonLinesHistory.of(folder.resolve("three.jsonl")).append(run(3, "c3", SlotOutcome.TIMED_OUT));
    Outcome all = verify("--history " + folder);
    assertThat(all.code()).as(all.toString()).isZero();
    Golden.exact("job/verify-known.txt", all.out());
    Golden.exact(
        "job/verify-known.json", verify("--history " + folder + " -o json").out());
    assertThat(verify("--history " + folder + " --history " + folder.resolve("one.jsonl"))
            .out())
        .as("a file twice")
        .isEqualTo(all.out());
  }

  @Test
  void verify_slotThatRanTwice_isRejected() {
    writeAllButTheThird();
    JsonLinesHistory.of(folder.resolve("three.jsonl")).append(run(2, "c2b", SlotOutcome.RAN));
    Outcome twice = verify("--history " + folder);
    assertThat(twice.code()).as(twice.toString()).isEqualTo(5);
    Golden.exact("job/verify-twice.txt", twice.out());
  }

  @Test
  void verify_damagedLines_areLeftOutAndSaid() throws Exception {
    writeAllButTheThird();
    Path file = folder.resolve("two.jsonl");
    Files.writeString(file, "{\"job\":\"report\",\"id\":\"c", StandardOpenOption.APPEND);
    Outcome cut = verify("--history " + file);
    assertThat(cut.code()).as(cut.toString()).isZero();
    assertThat(cut.err()).isEqualTo(file + ": 1 of 3 lines cannot be read and are left out\n");
    assertThat(cut.out()).contains("ORPHANED=1", "RAN=1", "UNKNOWN=3");
  }

  @Test
  @Tag("full")
  void verify_whatIsNoHistory_isRefusedByItsName() throws Exception {
    Path missing = folder.resolve("none.jsonl");
    assertThat(verify("--history " + missing))
        .isEqualTo(new Outcome(3, "", "zookit: " + missing + ": there is no such file\n"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(verify("--history " + empty))
        .isEqualTo(new Outcome(
            3, "", "zookit: " + empty + ": holds no history (expected: files named *.jsonl)\n"));
    Path notes = Files.writeString(folder.resolve("notes.txt"), "to do\n[1, 2]\n{}\n");
    Outcome other = verify("--history " + notes);
    assertThat(other)
        .isEqualTo(new Outcome(
            5,
            "",
            "zookit: " + notes
                + ": no line is the end of a run (expected: JSON lines as a node writes them)\n"));
    Path nothingYet = Files.createFile(folder.resolve("new.jsonl"));
    assertThat(verify("--history " + nothingYet).code()).isZero();
  }
}
