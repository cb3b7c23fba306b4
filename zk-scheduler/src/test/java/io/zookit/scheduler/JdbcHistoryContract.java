package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkException;
import io.zookit.scheduler.history.JdbcHistory;
import io.zookit.scheduler.time.Slot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of the history in a table, on any database. */
abstract class JdbcHistoryContract {

  private static final Instant SECOND_PASS = Instant.parse("2026-10-25T01:30:00Z");
  private static final TimeZone HERE = TimeZone.getDefault();

  abstract DataSource source() throws SQLException;

  @BeforeEach
  void drop() throws SQLException {
    execute("DROP TABLE IF EXISTS runs");
  }

  @AfterEach
  void zone() {
    TimeZone.setDefault(HERE);
  }

  @Test
  void runs_writtenInOneZoneAndReadInAnother_areTheSameToTheFold() throws SQLException {
    JdbcHistory history = new JdbcHistory(source(), "runs");
    history.createTable();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    RunRecord first = run("c1", SECOND_PASS.minusSeconds(3600), 0);
    RunRecord second = run("c2", SECOND_PASS, 1);
    history.append(first);
    history.append(second);
    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));

    assertThat(history.runs("report", SECOND_PASS.minusSeconds(7200), SECOND_PASS))
        .containsExactly(first, second);
    assertThat(history.runs("report", SECOND_PASS.minusSeconds(3600), SECOND_PASS))
        .containsExactly(second);
  }

  @Test
  void append_toATableWithItsColumnsInAnotherOrderAndMoreOfThem_keepsTheRun() throws SQLException {
    execute("CREATE TABLE runs (team VARCHAR(9) DEFAULT 'ops', error VARCHAR(4000),"
        + " overlap BOOLEAN NOT NULL, fate VARCHAR(16) NOT NULL, ended TIMESTAMP WITH TIME ZONE NOT"
        + " NULL, started TIMESTAMP WITH TIME ZONE NOT NULL, attempt INT NOT NULL, node VARCHAR(128)"
        + " NOT NULL, manual BOOLEAN NOT NULL, fold SMALLINT NOT NULL, label VARCHAR(40) NOT NULL,"
        + " slot TIMESTAMP WITH TIME ZONE NOT NULL, job VARCHAR(128) NOT NULL,"
        + " claim VARCHAR(128) PRIMARY KEY)");
    JdbcHistory history = new JdbcHistory(source(), "runs");
    RunRecord run = run("c1", SECOND_PASS, 1);

    history.append(run);

    assertThat(history.runs("report", Instant.EPOCH, SECOND_PASS)).containsExactly(run);
  }

  @Test
  void append_ofOneRunByManyAtATime_keepsItOnceAndFailsForNobody() throws Exception {
    JdbcHistory history = new JdbcHistory(source(), "runs");
    history.createTable();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        RunRecord run = run("c" + i / 8, SECOND_PASS, 1);
        all.add(threads.submit(() -> history.append(run)));
      }
      for (Future<?> each : all) {
        each.get(1, TimeUnit.MINUTES);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(history.runs("report", Instant.EPOCH, SECOND_PASS)).hasSize(25);
  }

  @Test
  void append_ofARunThatTheTableRefuses_fails() throws SQLException {
    JdbcHistory history = new JdbcHistory(source(), "runs");
    history.createTable();
    execute("ALTER TABLE runs ADD CONSTRAINT few CHECK (attempt > 1)");

    assertThatThrownBy(() -> history.append(run("c1", SECOND_PASS, 1)))
        .isInstanceOf(ZkException.class);
  }

  /** The statements are listed in docs/operations.md. */
  @Test
  void migration_ofATableOfAnEarlierVersion_keepsItsRuns() throws SQLException {
    execute("CREATE TABLE runs (claim VARCHAR(128) PRIMARY KEY, job VARCHAR(128) NOT NULL, slot"
        + " TIMESTAMP NOT NULL, label VARCHAR(40) NOT NULL, manual BOOLEAN NOT NULL, node"
        + " VARCHAR(128) NOT NULL, attempt INT NOT NULL, started TIMESTAMP NOT NULL, ended TIMESTAMP"
        + " NOT NULL, fate VARCHAR(16) NOT NULL, overlap BOOLEAN NOT NULL, error VARCHAR(4000))");
    Instant noon = Instant.parse("2026-07-01T10:00:00Z");
    LocalDateTime inBerlin = LocalDateTime.parse("2026-07-01T12:00");
    try (Connection connection = source().getConnection();
        PreparedStatement insert = connection.prepareStatement(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      Object[] old = {
        "c0",
        "report",
        inBerlin,
        "2026-07-01T12:00",
        false,
        "n1",
        1,
        inBerlin,
        inBerlin.plusSeconds(3),
        "RAN",
        false,
        null
      };
      for (int i = 0; i < old.length; i++) {
        insert.setObject(i + 1, old[i]);
      }
      insert.executeUpdate();
    }

    for (String statement : migration("Europe/Berlin")) {
      execute(statement);
    }

    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    JdbcHistory history = new JdbcHistory(source(), "runs");
    RunRecord next = run("c1", SECOND_PASS, 1);
    history.append(next);
    RunRecord before = new RunRecord(
        "report",
        "c0",
        new Slot(noon, LocalDateTime.parse("2026-07-01T12:00"), 0),
        false,
        "n1",
        1,
        noon,
        noon.plusSeconds(3),
        SlotOutcome.RAN,
        false,
        null);
    assertThat(history.runs("report", Instant.EPOCH, SECOND_PASS)).containsExactly(before, next);
  }

  /** Returns the statements that an operator runs on a table of an earlier version, whose nodes ran in a zone. */
  abstract List<String> migration(String zone);

  private static RunRecord run(String id, Instant slot, int fold) {
    return new RunRecord(
        "report",
        id,
        new Slot(slot, LocalDateTime.parse("2026-10-25T02:30"), fold),
        false,
        "n1",
        1,
        slot.plusMillis(7),
        slot.plusSeconds(3),
        SlotOutcome.RAN,
        false,
        null);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
