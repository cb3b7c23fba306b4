package io.zookit.scheduler;

import io.zookit.core.ZkException;
import io.zookit.scheduler.time.Slot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Keeps the ends of runs in a table of a database, which {@link #createTable} makes. A run is kept once. */
public final class JdbcHistory implements HistorySink.Archive {

  private static final Pattern TABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,62}");
  private static final int MOST_ERROR = 4000;

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

  /** Makes the table if it is not there. */
  public void createTable() {
    String sql = "CREATE TABLE IF NOT EXISTS " + table
        + " (claim VARCHAR(128) PRIMARY KEY, job VARCHAR(128) NOT NULL, slot TIMESTAMP NOT NULL,"
        + " label VARCHAR(40) NOT NULL, manual BOOLEAN NOT NULL, node VARCHAR(128) NOT NULL,"
        + " attempt INT NOT NULL, started TIMESTAMP NOT NULL, ended TIMESTAMP NOT NULL,"
        + " fate VARCHAR(16) NOT NULL, overlap BOOLEAN NOT NULL, error VARCHAR(4000))";
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
      if (!isThere(connection, run)) {
        insert(connection, run);
      }
    } catch (SQLException e) {
      throw new ZkException(table + ": a run of " + run.job() + " was not kept", e);
    }
  }

  @Override
  public List<RunRecord> runs(String job, Instant after, Instant upTo) {
    String sql =
        "SELECT * FROM " + table + " WHERE job = ? AND slot > ? AND slot <= ? ORDER BY slot";
    List<RunRecord> runs = new ArrayList<>();
    try (Connection connection = source.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, job);
      query.setTimestamp(2, Timestamp.from(after));
      query.setTimestamp(3, Timestamp.from(upTo));
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
            found.getTimestamp("slot").toInstant(),
            LocalDateTime.parse(found.getString("label")),
            0),
        found.getBoolean("manual"),
        found.getString("node"),
        found.getInt("attempt"),
        found.getTimestamp("started").toInstant(),
        found.getTimestamp("ended").toInstant(),
        Fate.valueOf(found.getString("fate")),
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

  private void insert(Connection connection, RunRecord run) throws SQLException {
    String error = run.error();
    try (PreparedStatement insert = connection.prepareStatement(
        "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, run.id());
      insert.setString(2, run.job());
      insert.setTimestamp(3, Timestamp.from(run.slot().instant()));
      insert.setString(4, run.slot().label().toString());
      insert.setBoolean(5, run.manual());
      insert.setString(6, run.node());
      insert.setInt(7, run.attempt());
      insert.setTimestamp(8, Timestamp.from(run.start()));
      insert.setTimestamp(9, Timestamp.from(run.end()));
      insert.setString(10, run.fate().name());
      insert.setBoolean(11, run.overlapSuspected());
      insert.setString(
          12,
          error == null || error.length() <= MOST_ERROR ? error : error.substring(0, MOST_ERROR));
      insert.executeUpdate();
    }
  }
}
