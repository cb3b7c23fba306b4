package io.zookit.samples.shop;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** PostgreSQL server of the shop, with queries that check the result independently of the services. */
public final class ShopDatabase implements AutoCloseable {

  private static final List<String> TABLES = List.of(
      "CREATE TABLE stock (sku TEXT PRIMARY KEY, pieces INT NOT NULL, pieces_left INT NOT NULL)",
      "CREATE TABLE orders (id TEXT PRIMARY KEY, sku TEXT NOT NULL)",
      "CREATE INDEX orders_of_sku ON orders (sku)");

  // One statement, so one moment: an order and its piece are written in one transaction.
  private static final String STOCK = "SELECT sku, pieces, pieces_left,"
      + " (SELECT count(*) FROM orders WHERE orders.sku = stock.sku) FROM stock ORDER BY sku";

  private final EmbeddedPostgres postgres;
  private final PostgresWatchdog guard;

  private ShopDatabase(EmbeddedPostgres postgres, PostgresWatchdog guard) {
    this.postgres = postgres;
    this.guard = guard;
  }

  /**
   * Starts a server with the given number of pieces of each article.
   *
   * @param folder the folder for its data; its binaries are kept next to that folder and reused by later runs
   */
  public static ShopDatabase start(Path folder, List<String> skus, int pieces) {
    Path data = folder.resolve("postgresql").toAbsolutePath();
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.builder()
          .setOverrideWorkingDirectory(folder.resolveSibling("postgresql").toFile())
          .setDataDirectory(data)
          .setOutputRedirector(Redirect.DISCARD)
          .setErrorRedirector(Redirect.DISCARD)
          .start();
      ShopDatabase database = new ShopDatabase(postgres, PostgresWatchdog.over(data));
      database.createTables();
      database.fill(skus, pieces);
      return database;
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not start", e);
    } catch (SQLException e) {
      throw new DemoException("PostgreSQL did not take the stock", e);
    }
  }

  /** Returns the JDBC URL for the inventories. */
  public String url() {
    return postgres.getJdbcUrl("postgres", "postgres");
  }

  /** Returns the stock of all articles at one moment. */
  public List<ArticleStock> stock() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(STOCK)) {
      List<ArticleStock> stock = new ArrayList<>();
      while (row.next()) {
        stock.add(new ArticleStock(row.getString(1), row.getInt(2), row.getInt(3), row.getInt(4)));
      }
      return stock;
    }
  }

  /** Returns the recorded orders. */
  public Set<String> orders() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT id FROM orders")) {
      Set<String> orders = new HashSet<>();
      while (row.next()) {
        orders.add(row.getString(1));
      }
      return orders;
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
    guard.close();
  }

  private void createTables() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute(table);
      }
    }
  }

  private void fill(List<String> skus, int pieces) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO stock VALUES (?, ?, ?)")) {
      for (String sku : skus) {
        insert.setString(1, sku);
        insert.setInt(2, pieces);
        insert.setInt(3, pieces);
        insert.executeUpdate();
      }
    }
  }

  private Connection connect() throws SQLException {
    return postgres.getPostgresDatabase().getConnection();
  }
}
