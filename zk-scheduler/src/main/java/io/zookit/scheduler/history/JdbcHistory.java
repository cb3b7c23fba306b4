package io.zookit.scheduler.history;

import io.zookit.core.ZkException;
import io.zookit.core.internal.codec.StoredNames;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.time.Slot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Keeps the ends of runs in a table of a database, which {@link #createTable} creates. A run is kept once, however many
 * nodes append it at a time.
 *
 * <p>Times are stored with their zone, as UTC, to the microsecond: what two nodes in different zones write and read is the
 * same. A table of an earlier version has neither zones nor folds; it is migrated as docs/operations.md says.
 */
public final class JdbcHistory implements HistorySink.Archive {

  private static final StoredNames<SlotOutcome> OUTCOMES = StoredNames.of(SlotOutcome.class);

  private static final Pattern TABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,62}");
  private static final int MOST_ERROR = 4000;
  private static final String INTEGRITY_VIOLATION = "23";
  private static final List<String> COLUMNS = List.of(
      "claim", "job", "slot", "label", "fold", "manual", "node", "attempt", "started", "ended",
      "fate", "overlap", "error");

  private final DataSource source;
  private final String table;

  /**
   * A history in a table.
   *
   * @param table {@code [A-Za-z][A-Za-z0-9_.]{0,62}}
   */
  public JdbcHistory(DataSource source, String table) {
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException(
          "table: \"" + table + "\" (expected: " + TABLE.pattern() + ")");
    }
    this.source = source;
    this.table = table;
  }

  /** Creates the table if it does not exist. One of an earlier version stays as it is. */
  public void createTable() {
    String sql = "CREATE TABLE IF NOT EXISTS " + table
        + " (claim VARCHAR(128) PRIMARY KEY, job VARCHAR(128) NOT NULL, slot TIMESTAMP WITH TIME"
        + " ZONE NOT NULL, label VARCHAR(40) NOT NULL, fold SMALLINT DEFAULT 0 NOT NULL, manual BOOLEAN NOT NULL, node VARCHAR(128) NOT NULL,"
        + " attempt INT NOT NULL, started TIMESTAMP WITH TIME ZONE NOT NULL,"
        + " ended TIMESTAMP WITH TIME ZONE NOT NULL, fate VARCHAR(16) NOT NULL, overlap BOOLEAN NOT NULL, error VARCHAR(4000))";
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new ZkException(table + ": cannot be made", e);
    }
  }

  @Override
  public void append(RunRecord run) {
    try (Connection connection = source.getConnection()) {
      insert(connection, run);
    } catch (SQLException e) {
      throw new ZkException(table + ": a run of " + run.job() + " was not kept", e);
    }
  }

  @Override
  public List<RunRecord> runs(String job, Instant after, Instant upTo) {
    String sql = "SELECT " + String.join(", ", COLUMNS) + " FROM " + table + " WHERE job = ?"
        + " AND slot > ? AND slot <= ? ORDER BY slot, started";
    List<RunRecord> runs = new ArrayList<>();
    try (Connection connection = source.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, job);
      query.setObject(2, inUtc(after));
      query.setObject(3, inUtc(upTo));
      ResultSet found = query.executeQuery();
      while (found.next()) {
        runs.add(run(found));
      }
    } catch (SQLException e) {
      throw new ZkException(table + ": the runs of " + job + " cannot be read", e);
    }
    return runs;
  }

  private static RunRecord run(ResultSet found) throws SQLException {
    return new RunRecord(
        found.getString("job"),
        found.getString("claim"),
        new Slot(
            instant(found, "slot"),
            LocalDateTime.parse(found.getString("label")),
            found.getInt("fold")),
        found.getBoolean("manual"),
        found.getString("node"),
        found.getInt("attempt"),
        instant(found, "started"),
        instant(found, "ended"),
        OUTCOMES.parse(found.getString("fate")),
        found.getBoolean("overlap"),
        found.getString("error"));
  }

  private boolean isThere(Connection connection, RunRecord run) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM " + table + " WHERE claim = ?")) {
      query.setString(1, run.id());
      return query.executeQuery().next();
    }
  }

  /** Inserts a run; a run that already exists is not an error. */
  private void insert(Connection connection, RunRecord run) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table + " ("
        + String.join(", ", COLUMNS) + ") VALUES ("
        + String.join(", ", Collections.nCopies(COLUMNS.size(), "?")) + ")")) {
      fill(insert, run);
      insert.executeUpdate();
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException e) {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      String state = e.getSQLState();
      boolean violation = state != null && state.startsWith(INTEGRITY_VIOLATION);
      if (!violation || !isThere(connection, run)) {
        throw e;
      }
    }
  }

  private static void fill(PreparedStatement insert, RunRecord run) throws SQLException {
    String error = run.error();
    insert.setString(1, run.id());
    insert.setString(2, run.job());
    insert.setObject(3, inUtc(run.slot().instant()));
    insert.setString(4, run.slot().label().toString());
    insert.setInt(5, run.slot().fold());
    insert.setBoolean(6, run.manual());
    insert.setString(7, run.node());
    insert.setInt(8, run.attempt());
    insert.setObject(9, inUtc(run.start()));
    insert.setObject(10, inUtc(run.end()));
    insert.setString(11, OUTCOMES.nameOf(run.outcome()));
    insert.setBoolean(12, run.overlapSuspected());
    insert.setString(
        13, error == null || error.length() <= MOST_ERROR ? error : error.substring(0, MOST_ERROR));
  }

  private static OffsetDateTime inUtc(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(ResultSet found, String column) throws SQLException {
    return found.getObject(column, OffsetDateTime.class).toInstant();
  }
}
