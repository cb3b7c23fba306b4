package io.zookit.samples.shop.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zookit.core.FencingToken;
import io.zookit.core.fence.StaleTokenException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("full")
class StockIT {

  private static final FencingToken OLD = new FencingToken(1, 4, 0);
  private static final FencingToken NEW = new FencingToken(1, 5, 0);
  private static EmbeddedPostgres postgres;

  private Stock stock;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void fill() throws SQLException {
    execute("DROP TABLE IF EXISTS stock, orders, fence");
    execute("CREATE TABLE stock (sku TEXT PRIMARY KEY, pieces_left INT NOT NULL)");
    execute("CREATE TABLE orders (id TEXT PRIMARY KEY, sku TEXT NOT NULL)");
    execute("INSERT INTO stock VALUES ('sku-1', 10)");
    stock = new Stock(postgres.getPostgresDatabase(), true);
  }

  @Test
  void sell_owner_recordsTheOrderAndWhatIsLeft() throws SQLException {
    assertThat(stock.left("sku-1", NEW)).isEqualTo(10);

    stock.sell("order-1", "sku-1", 9, NEW);

    assertThat(stock.left("sku-1", NEW)).isEqualTo(9);
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void sell_ownerWhoIsOlderThanTheLastReader_isRefusedAndNothingHappens() throws SQLException {
    stock.left("sku-1", NEW);

    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> stock.sell("order-1", "sku-1", 9, OLD));
    assertThatExceptionOfType(StaleTokenException.class).isThrownBy(() -> stock.left("sku-1", OLD));

    assertThat(stock.left("sku-1", NEW)).isEqualTo(10);
    assertThat(orders()).isZero();
  }

  @Test
  void sell_sameOrderAgain_changesNothing() throws SQLException {
    stock.sell("order-1", "sku-1", 9, NEW);
    stock.sell("order-1", "sku-1", 8, NEW);

    assertThat(stock.left("sku-1", NEW)).isEqualTo(9);
    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void sell_withoutTheFence_letsAnOldOwnerIn() throws SQLException {
    Stock open = new Stock(postgres.getPostgresDatabase(), false);
    open.sell("order-1", "sku-1", 9, NEW);
    open.sell("order-2", "sku-1", 9, OLD);

    assertThat(open.left("sku-1", OLD)).isEqualTo(9);
    assertThat(orders()).isEqualTo(2);
  }

  @Test
  void left_unknownArticle_isTheCallersFault() {
    assertThatIllegalArgumentException().isThrownBy(() -> stock.left("sku-9", NEW));
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int orders() throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM orders")) {
      row.next();
      return row.getInt(1);
    }
  }
}
