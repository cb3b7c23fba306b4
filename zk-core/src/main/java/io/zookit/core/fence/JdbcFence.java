package io.zookit.core.fence;

import io.zookit.core.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A fence for data in a relational database. The marks are rows of one small table next to the data; they are checked
 * inside the caller's transaction, so that the check is committed or rolled back together with what it protects.
 *
 * <pre>{@code
 * connection.setAutoCommit(false);
 * fence.admit(connection, "stock/sku-42", lease.token(), FenceMode.EXCLUSIVE); // before anything is read
 * int left = readStock(connection);
 * writeStock(connection, left - 1);
 * connection.commit();
 * }</pre>
 *
 * <p><b>First statement.</b> Call {@link #admit} before anything of the resource is read in the transaction. What was
 * read earlier may have been replaced by the previous holder since, and may still be shown after the fence has been
 * passed.
 *
 * <p><b>Isolation.</b> {@code READ COMMITTED} is right everywhere. At stricter levels PostgreSQL ends the later of two
 * transactions with a serialization failure (SQL state 40001), to be tried again as a whole, instead of showing it an
 * old state; for this an exclusive holder writes the row each time, even when the mark stays. MySQL's
 * {@code REPEATABLE READ} shows the state of the first plain read, which is recent enough when the fence comes first.
 * H2's stricter levels show the state before the fence was passed: do not use them here.
 *
 * <p><i>Order:</i> the row stays locked until the transaction ends, so the transactions that touch one resource run one
 * after the other, shared ones too. A transaction that fences several resources has to do so in one order everywhere,
 * or the database will find deadlocks.
 *
 * <p><i>Failure:</i> {@link SQLException}s are passed on: the transaction can then only be rolled back. A rollback also
 * takes the mark back, together with everything it admitted.
 *
 * <p><i>Cost:</i> exclusive: two statements (select, update); shared: one, and an update when it is the newest reader.
 * Four for the first touch of a resource. One row per resource, which is never deleted.
 *
 * <p><i>Threads:</i> any; immutable. A connection is used by one thread at a time, as usual.
 *
 * <p>Tested on PostgreSQL and H2; the SQL is common to MySQL and MariaDB too.
 */
public final class JdbcFence {

  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}(\\.[A-Za-z_][A-Za-z0-9_]{0,62})?");

  private final String create;
  private final String select;
  private final String insert;
  private final String update;

  private JdbcFence(String table) {
    // Tokens as their text: exact where a signed number would not be, ordered, and what logs show.
    create = "CREATE TABLE IF NOT EXISTS " + table + " (resource VARCHAR("
        + ResourceName.MAX_LENGTH + ") NOT NULL PRIMARY KEY, last_write VARCHAR(42) NOT NULL,"
        + " last_read VARCHAR(42) NOT NULL)";
    select = "SELECT last_write, last_read FROM " + table + " WHERE resource = ? FOR UPDATE";
    insert = "INSERT INTO " + table + " (last_write, last_read, resource) VALUES (?, ?, ?)";
    update = "UPDATE " + table + " SET last_write = ?, last_read = ? WHERE resource = ?";
  }

  /**
   * A fence whose marks are in this table.
   *
   * @param table {@code name} or {@code schema.name} of letters, digits and underscores, used without quotes
   */
  public static JdbcFence table(String table) {
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException(
          "table: \"" + table + "\" (expected: " + TABLE.pattern() + ")");
    }
    return new JdbcFence(table);
  }

  /**
   * Creates the table if there is none; may be called at every start, by many at once on connections that commit by
   * themselves. MySQL ends the open transaction here.
   *
   * <p>Names of resources compare as the database compares text. Where that ignores case, two resources may share a
   * row, which refuses more and never admits more.
   */
  public void createTable(Connection connection) throws SQLException {
    try {
      execute(connection, create);
    } catch (SQLException e) {
      // PostgreSQL lets two creators of one table race; the loser finds it there the second time.
      if (!connection.getAutoCommit()) {
        throw e;
      }
      execute(connection, create);
    }
  }

  /**
   * Admits the holder of a token to a resource for the rest of this transaction, or refuses it.
   *
   * <p>Waits while another transaction has touched the resource and has not ended, for as long as the database lets it.
   *
   * @param connection in a transaction that has not yet read the resource
   * @param resource what the lock protects, 1 to 512 characters
   * @param mode how the lock is held
   * @throws StaleTokenException if a newer holder has touched the resource; nothing was written, roll back
   * @throws IllegalStateException if the connection commits by itself: the answer would be out of date when the next
   * statement runs
   */
  public void admit(Connection connection, String resource, FencingToken token, FenceMode mode)
      throws SQLException {
    ResourceName.require(resource);
    if (connection.getAutoCommit()) {
      throw new IllegalStateException("fence " + resource + ": the connection is in autocommit mode"
          + " (expected: the transaction that reads and writes what is fenced)");
    }
    Optional<FenceMark> stored = lockRow(connection, resource);
    if (stored.isEmpty()) {
      FenceMark first = decide(resource, token, mode, FenceMark.untouched());
      if (insertRow(connection, resource, first)) {
        return;
      }
      stored = lockRow(connection, resource);
    }
    FenceMark before = stored.orElseThrow(() -> new SQLTransactionRollbackException(
        "fence " + resource + ": another transaction made the row after this one began", "40001"));
    FenceMark after = decide(resource, token, mode, before);
    if (mode == FenceMode.EXCLUSIVE || !after.equals(before)) {
      writeRow(connection, update, resource, after);
    }
  }

  private static FenceMark decide(
      String resource, FencingToken token, FenceMode mode, FenceMark before) {
    return before
        .admit(token, mode)
        .orElseThrow(() -> new StaleTokenException(resource, token, mode, before));
  }

  private Optional<FenceMark> lockRow(Connection connection, String resource) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(select)) {
      statement.setString(1, resource);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(new FenceMark(
                FencingToken.parse(row.getString(1)), FencingToken.parse(row.getString(2))))
            : Optional.empty();
      }
    }
  }

  /** Inserts the row of a resource; false if another transaction was faster. */
  private boolean insertRow(Connection connection, String resource, FenceMark mark)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      writeRow(connection, insert, resource, mark);
    } catch (SQLException e) {
      if (!isDuplicate(e)) {
        throw e;
      }
      connection.rollback(before);
      return false;
    }
    connection.releaseSavepoint(before);
    return true;
  }

  private static void writeRow(Connection connection, String sql, String resource, FenceMark mark)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, mark.lastWrite().toString());
      statement.setString(2, mark.lastRead().toString());
      statement.setString(3, resource);
      statement.executeUpdate();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** SQL's class for a broken constraint is 23; not every driver also throws the subclass for it. */
  private static boolean isDuplicate(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.startsWith("23");
  }
}
