package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.scheduler.history.JdbcHistory;
import io.zookit.scheduler.history.JsonLinesHistory;
import io.zookit.scheduler.internal.history.JsonLinesFile;
import io.zookit.scheduler.time.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the sinks of the ends of runs. */
class HistorySinkTest {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  private static RunRecord run(String id, @Nullable String error) {
    return new RunRecord(
        "report",
        id,
        Slot.at(NOON),
        false,
        "n1",
        2,
        NOON,
        NOON.plusSeconds(3),
        SlotOutcome.FAILED,
        false,
        error);
  }

  @Test
  void jsonLines_fullFile_isRotatedAndTheOldestGoes(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("sub/runs.jsonl");
    JsonLinesHistory history = new JsonLinesHistory(file, 600, 2);
    for (int i = 0; i < 10; i++) {
      history.append(run("c" + i, "a \"quoted\"\nline"));
    }
    assertThat(Files.size(file)).isLessThanOrEqualTo(600);
    assertThat(folder.resolve("sub")).isDirectoryNotContaining("glob:**.2");
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(lines.size() - 1))
        .startsWith("{")
        .endsWith("}")
        .contains("\"id\":\"c9\"")
        .contains("\"slot\":\"2026-06-01T12:00:00Z\"")
        .contains("\"fate\":\"FAILED\"");
  }

  @Test
  void jsonLines_secondPassThroughAnHour_keepsItsFoldAndOlderLinesHaveNone(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("runs.jsonl");
    JsonLinesHistory history = JsonLinesHistory.of(file);
    Slot slot = new Slot(NOON, LocalDateTime.parse("2026-06-01T12:00"), 1);
    RunRecord run = new RunRecord(
        "report", "c1", slot, false, "n1", 1, NOON, NOON, SlotOutcome.RAN, false, null);
    history.append(run);
    assertThat(history.runs("report", Instant.EPOCH, NOON)).containsExactly(run);

    Files.writeString(file, Files.readString(file).replace("\"fold\":1,", ""));
    assertThat(history.runs("report", Instant.EPOCH, NOON).get(0).slot().fold()).isZero();
  }

  @Test
  void jsonLines_filesAndFolder_areForTheirOwnerOnly(@TempDir Path folder) throws Exception {
    Path own = folder.resolve("history");
    Path file = own.resolve("runs.jsonl");
    JsonLinesHistory history = new JsonLinesHistory(file, 600, 3);
    history.append(run("c0", "trace"));
    assertThat(permissions(own)).isEqualTo("rwx------");
    assertThat(permissions(file)).isEqualTo("rw-------");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    for (int i = 1; i < 5; i++) {
      history.append(run("c" + i, "trace"));
    }
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(folder.resolve("history/runs.jsonl.1"))).isEqualTo("rw-------");
  }

  @Test
  void jsonLines_aLinkInPlaceOfTheFileOrItsFolder_isNotFollowed(@TempDir Path folder)
      throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "whole\n");
    Path file = Files.createDirectory(folder.resolve("history")).resolve("runs.jsonl");
    Files.createSymbolicLink(file, victim);
    assertThatThrownBy(() -> JsonLinesHistory.of(file).append(run("c1", null)))
        .isInstanceOf(UncheckedIOException.class)
        .hasStackTraceContaining("is a link");
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("history"));
    assertThatThrownBy(() -> JsonLinesHistory.of(linked.resolve("x.jsonl")).append(run("c1", null)))
        .hasStackTraceContaining("is a link");
    assertThat(victim).hasContent("whole");
    assertThat(folder.resolve("history/x.jsonl")).doesNotExist();
  }

  @Test
  void jsonLines_aFolderInWhichOthersMayReplaceFiles_isRefused(@TempDir Path folder)
      throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(
            () -> JsonLinesHistory.of(folder.resolve("runs.jsonl")).append(run("c1", null)))
        .hasStackTraceContaining("others may replace files in it");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    JsonLinesHistory.of(folder.resolve("runs.jsonl")).append(run("c1", null));
  }

  @Test
  void ofProperty_whichIsNotSet_keepsNothing(@TempDir Path folder) {
    assertThat(System.getProperty("zookit.history")).isNull();
    assertThat(JsonLinesFile.ofProperty()).isNotInstanceOf(JsonLinesFile.class);
    System.setProperty("zookit.history", folder.toString());
    try {
      JsonLinesFile.ofProperty().append(run("c1", null));
      assertThat(folder).isDirectoryContaining("glob:**/runs-*.jsonl");
    } finally {
      System.clearProperty("zookit.history");
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void jdbc_sameRunTwice_isKeptOnce() throws Exception {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:history;DB_CLOSE_DELAY=-1");
    JdbcHistory history = new JdbcHistory(source, "job_runs");
    history.createTable();
    history.createTable();
    history.append(run("c1", "x".repeat(10_000)));
    history.append(run("c1", "again"));
    try (Connection connection = source.getConnection();
        ResultSet found =
            connection.createStatement().executeQuery("SELECT job, fate, attempt FROM job_runs")) {
      assertThat(found.next()).isTrue();
      assertThat(found.getString(1)).isEqualTo("report");
      assertThat(found.getString(2)).isEqualTo("FAILED");
      assertThat(found.getInt(3)).isEqualTo(2);
      assertThat(found.next()).isFalse();
    }
    assertThatThrownBy(() -> new JdbcHistory(source, "runs; DROP TABLE x"))
        .hasMessageContaining("expected:");
  }

  @Test
  void runs_ofBothSinks_areReadAgainByJobAndSlot(@TempDir Path folder) throws Exception {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:read;DB_CLOSE_DELAY=-1");
    JdbcHistory table = new JdbcHistory(source, "job_runs");
    table.createTable();
    Path file = folder.resolve("runs.jsonl");
    for (HistorySink.Archive sink : List.of(table, new JsonLinesHistory(file, 600, 5))) {
      for (int i = 0; i < 8; i++) {
        sink.append(at(NOON.plusSeconds(i), "c" + i));
      }

      List<RunRecord> found = sink.runs("report", NOON.plusSeconds(1), NOON.plusSeconds(6));

      assertThat(found).extracting(RunRecord::id).containsExactly("c2", "c3", "c4", "c5", "c6");
      assertThat(found.get(0)).isEqualTo(at(NOON.plusSeconds(2), "c2"));
      assertThat(sink.runs("other", NOON, NOON.plusSeconds(100))).isEmpty();
    }
    assertThat(folder.resolve("runs.jsonl.1")).exists();
  }

  @Test
  void jsonLines_lineThatACrashHasCut_isLeftOut(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("runs.jsonl");
    JsonLinesHistory history = new JsonLinesHistory(file, 100_000, 2);
    history.append(at(NOON.plusSeconds(1), "c1"));
    String line = Files.readString(file);
    Files.writeString(file, line + line.substring(0, 40));

    assertThat(history.runs("report", NOON, NOON.plusSeconds(9)))
        .extracting(RunRecord::id)
        .containsExactly("c1");
  }

  @Test
  void jsonLines_cutInsideALetter_isLeftOutAndCounted(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("runs.jsonl");
    JsonLinesHistory history = JsonLinesHistory.of(file);
    history.append(at(NOON.plusSeconds(1), "c1"));
    byte[] half = "{\"job\":\"ä".getBytes(StandardCharsets.UTF_8);
    Files.write(file, Arrays.copyOf(half, half.length - 1), StandardOpenOption.APPEND);

    assertThat(history.runs("report", NOON, NOON.plusSeconds(9))).hasSize(1);
    assertThat(history.lines()).isEqualTo(new JsonLinesHistory.Lines(1, 1));
  }

  @Test
  void jsonLines_appendAfterACut_losesNoLineMore(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("runs.jsonl");
    JsonLinesHistory.of(file).append(at(NOON.plusSeconds(1), "c1"));
    Files.writeString(file, Files.readString(file) + "{\"job\":");

    JsonLinesHistory after = JsonLinesHistory.of(file);
    after.append(at(NOON.plusSeconds(2), "c2"));
    after.append(at(NOON.plusSeconds(3), "c3"));

    assertThat(after.runs("report", NOON, NOON.plusSeconds(9)))
        .extracting(RunRecord::id)
        .containsExactly("c1", "c2", "c3");
    assertThat(after.lines()).isEqualTo(new JsonLinesHistory.Lines(3, 1));
  }

  @Test
  void lines_ofFullFilesTooAndOfNothing_areCounted(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("runs.jsonl");
    assertThat(JsonLinesHistory.of(file).lines()).isEqualTo(new JsonLinesHistory.Lines(0, 0));
    JsonLinesHistory many = new JsonLinesHistory(file, 600, 50);
    for (int i = 0; i < 40; i++) {
      many.append(at(NOON.plusSeconds(i), "c" + i));
    }
    assertThat(folder.resolve("runs.jsonl.11")).exists();
    Files.writeString(folder.resolve("runs.jsonl.bak"), "nothing of ours");
    JsonLinesHistory few = JsonLinesHistory.of(file);
    assertThat(few.lines()).isEqualTo(new JsonLinesHistory.Lines(40, 0));
    assertThat(few.runs("report", NOON.minusSeconds(1), NOON.plusSeconds(99)))
        .extracting(RunRecord::slot)
        .isSorted()
        .hasSize(40);
  }

  private static RunRecord at(Instant slot, String id) {
    return new RunRecord(
        "report", id, Slot.at(slot), false, "n1", 1, slot, slot, SlotOutcome.RAN, false, "why");
  }
}
