package io.zookit.samples.inventory;

import io.zookit.core.FencingToken;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.JdbcFence;
import io.zookit.core.fence.StaleTokenException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * How many pieces of each article are left, in a database that several inventories share.
 *
 * <p>Every transaction asks the fence before it touches anything, in order to read as in order to write. So whoever has
 * lost the lock of the article without knowing it is refused here, by the store itself, and nothing has happened.
 */
final class Stock {

  private final DataSource database;
  private final boolean fenced;
  private final JdbcFence fence = JdbcFence.table("fence");

  /** @param fenced false leaves the fence open, to show what it is good for */
  Stock(DataSource database, boolean fenced) throws SQLException {
    this.database = database;
    this.fenced = fenced;
    try (Connection connection = database.getConnection()) {
      fence.createTable(connection);
    }
  }

  /**
   * How many pieces are left.
   *
   * @throws StaleTokenException when a newer owner of the lock was here
   */
  int left(String sku, FencingToken token) throws SQLException {
    return inTransaction(sku, token, connection -> {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT pieces_left FROM stock WHERE sku = ?")) {
        select.setString(1, sku);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            throw new IllegalArgumentException("sku: " + sku + " (expected: an article)");
          }
          return row.getInt(1);
        }
      }
    });
  }

  /**
   * Records an order and how many pieces it leaves, together. An order that is recorded already changes nothing, so who
   * got no answer may ask again.
   *
   * @throws StaleTokenException when a newer owner of the lock was here
   */
  void sell(String order, String sku, int left, FencingToken token) throws SQLException {
    inTransaction(sku, token, connection -> {
      if (isNew(connection, order, sku)) {
        try (PreparedStatement update =
            connection.prepareStatement("UPDATE stock SET pieces_left = ? WHERE sku = ?")) {
          update.setInt(1, left);
          update.setString(2, sku);
          update.executeUpdate();
        }
      }
      return left;
    });
  }

  private static boolean isNew(Connection connection, String order, String sku)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(
        "INSERT INTO orders (id, sku) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
      insert.setString(1, order);
      insert.setString(2, sku);
      return insert.executeUpdate() == 1;
    }
  }

  private <T> T inTransaction(String sku, FencingToken token, Work<T> work) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        if (fenced) {
          fence.admit(connection, "stock/" + sku, token, FenceMode.EXCLUSIVE);
        }
        T result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }
}
