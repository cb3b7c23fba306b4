package io.zookit.samples.shop.inventory;

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
 * Stock of each article, in a database that several inventories share.
 *
 * <p>Every transaction checks the fence before it touches any data, for reads as well as for writes. An owner that
 * has lost the lock of the article without knowing it is therefore refused by the store itself, without any effect.
 */
final class Stock {

  private final DataSource database;
  private final boolean fenced;
  private final JdbcFence fence = JdbcFence.table("fence");

  /**
   * Creates a stock.
   *
   * @param fenced whether each transaction checks the fence
   */
  Stock(DataSource database, boolean fenced) throws SQLException {
    this.database = database;
    this.fenced = fenced;
    try (Connection connection = database.getConnection()) {
      fence.createTable(connection);
    }
  }

  /**
   * Returns the number of pieces left.
   *
   * @throws StaleTokenException if a newer owner of the lock has used the fence
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
   * Records an order together with the number of pieces that it leaves. An order that is already recorded changes
   * nothing, so a caller that got no answer may repeat it.
   *
   * @throws StaleTokenException if a newer owner of the lock has used the fence
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

  private <T> T inTransaction(String sku, FencingToken token, StockTransaction<T> work)
      throws SQLException {
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
  private interface StockTransaction<T> {
    T on(Connection connection) throws SQLException;
  }
}
