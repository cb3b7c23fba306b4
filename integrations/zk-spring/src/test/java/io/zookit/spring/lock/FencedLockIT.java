package io.zookit.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zookit.core.ZkClient;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.JdbcFence;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.spring.TestApplication;
import io.zookit.testkit.ZkServerExtension;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Locks and the fence in transactions of a real PostgreSQL. */
@Tag("full")
class FencedLockIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static EmbeddedPostgres postgres;

  private final String root = zooKeeper.freshRoot();
  private ConfigurableApplicationContext context;
  private JdbcTemplate database;

  @TestApplication
  static class Shop {

    @Bean
    DataSource dataSource() {
      return postgres.getPostgresDatabase();
    }

    @Bean
    Stock stock(JdbcTemplate database, LockTemplate locks, ZkClient client) {
      return new Stock(database, locks, client);
    }
  }

  static class Stock {
    private final JdbcTemplate database;
    private final LockTemplate locks;
    private final ZkClient client;

    Stock(JdbcTemplate database, LockTemplate locks, ZkClient client) {
      this.database = database;
      this.locks = locks;
      this.client = client;
    }

    private int left(String sku) {
      return Objects.requireNonNull(
          database.queryForObject("SELECT amount FROM stock WHERE sku = ?", Integer.class, sku));
    }

    private void take(String sku) {
      database.update("UPDATE stock SET amount = ? WHERE sku = ?", left(sku) - 1, sku);
    }

    @FencedLock("stock/#{#sku}")
    @Transactional
    public void reserve(String sku, Callable<Void> inside) throws Exception {
      inside.call();
      take(sku);
    }

    @FencedLock("stock/#{#sku}")
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void reserveAnew(String sku) {
      take(sku);
    }

    @FencedLock(value = "stock/#{#sku}", release = LockRelease.AFTER_COMPLETION)
    @Transactional
    public void reserveWithin(String sku) {
      take(sku);
    }

    @FencedLock("stock/#{#sku}")
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void reserveWithoutTransaction(String sku) {
      take(sku);
    }

    @Locked("audit/#{#sku}")
    @Transactional
    public void lockOnly(String sku) {
      take(sku);
    }

    @Transactional
    public boolean lockedUntilCommit(String sku) throws Exception {
      locks.releasingAfterCompletion().call("stock/" + sku, Duration.ofMinutes(1), lease -> {
        take(sku);
        return true;
      });
      return DistributedLock.named("stock/" + sku, client).tryAcquire().isEmpty();
    }
  }

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void start() {
    context = new SpringApplicationBuilder(Shop.class)
        .web(WebApplicationType.NONE)
        .properties(
            "zookit.connect=" + zooKeeper.connectString(),
            "zookit.root=" + root,
            "spring.main.banner-mode=off")
        .run();
    database = context.getBean(JdbcTemplate.class);
    database.execute("DROP TABLE IF EXISTS stock");
    database.execute("CREATE TABLE stock (sku VARCHAR(20) PRIMARY KEY, amount INT NOT NULL)");
    database.update("INSERT INTO stock VALUES ('a', 10), ('b', 10)");
    database.update("DELETE FROM zookit_fences");
  }

  @AfterEach
  void close() {
    context.close();
  }

  private Stock stock() {
    return context.getBean(Stock.class);
  }

  private int left(String sku) {
    return Objects.requireNonNull(
        database.queryForObject("SELECT amount FROM stock WHERE sku = ?", Integer.class, sku));
  }

  private int marks() {
    return Objects.requireNonNull(
        database.queryForObject("SELECT count(*) FROM zookit_fences", Integer.class));
  }

  private TransactionTemplate transaction() {
    return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
  }

  @Test
  void reserve_committed_keepsTheMarkOfItsToken() throws Exception {
    stock().reserve("a", () -> null);
    stock().reserve("a", () -> null);
    assertThat(left("a")).isEqualTo(8);
    assertThat(marks()).isEqualTo(1);
  }

  @Test
  void reserve_rolledBack_takesTheMarkBackAndReleases() throws Exception {
    assertThatThrownBy(() -> stock().reserve("a", () -> {
          throw new IllegalStateException("no");
        }))
        .hasMessage("no");
    assertThat(left("a")).isEqualTo(10);
    assertThat(marks()).isZero();
    stock().reserve("a", () -> null);
    assertThat(left("a")).isEqualTo(9);
  }

  /** The lock is broken while the owner has not begun its transaction; a newer owner commits first. */
  @Test
  void reserve_lockLostToANewerOwner_isRefusedByTheDatabase() throws Exception {
    ZkClient client = context.getBean(ZkClient.class);
    try (Lease stale = DistributedLock.named("stock/a", client).acquire()) {
      LockInspector.in(client).breakLock("stock/a");
      stock().reserve("a", () -> null);

      DataSource dataSource = context.getBean(DataSource.class);
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        assertThatThrownBy(() -> JdbcFence.table("zookit_fences")
                .admit(connection, "stock/a", stale.token(), FenceMode.EXCLUSIVE))
            .isInstanceOf(StaleTokenException.class);
        connection.rollback();
      }
    }
    assertThat(left("a")).isEqualTo(9);
  }

  /** The other way round: a newer owner has left its mark, so the annotated method is refused and rolled back. */
  @Test
  void reserve_newerMark_rollsTheMethodBack() throws Exception {
    stock().reserve("a", () -> null);
    database.update(
        "UPDATE zookit_fences SET last_write = substr(last_write, 1, 17) || '0fffffffffffffff' || substr(last_write, 34)");
    assertThatThrownBy(() -> stock().reserve("a", () -> null))
        .isInstanceOf(StaleTokenException.class);
    assertThat(left("a")).isEqualTo(9);
  }

  @Test
  void reserve_insideTransactionOfTheCaller_isRefusedByDefault() {
    assertThatThrownBy(
            () -> transaction().executeWithoutResult(status -> stock().lockOnly("a")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("release = AFTER_COMPLETION");
    assertThat(left("a")).isEqualTo(10);
  }

  @Test
  void reserve_nestedRequiresNew_isRefusedToo() {
    assertThatThrownBy(
            () -> transaction().executeWithoutResult(status -> stock().reserveAnew("a")))
        .isInstanceOf(IllegalStateException.class);
    stock().reserveAnew("a");
    assertThat(left("a")).isEqualTo(9);
  }

  @Test
  void reserve_afterCompletion_holdsTheLockUntilTheCallersCommit() throws Exception {
    ZkClient client = context.getBean(ZkClient.class);
    DistributedLock lock = DistributedLock.named("stock/a", client);
    transaction().executeWithoutResult(status -> {
      stock().reserveWithin("a");
      assertThat(busy(lock)).isTrue();
    });
    lock.acquire(Duration.ofMinutes(1)).close();
    assertThat(left("a")).isEqualTo(9);
    assertThat(stock().lockedUntilCommit("a")).isTrue();
    lock.acquire(Duration.ofMinutes(1)).close();
  }

  private static boolean busy(DistributedLock lock) {
    try {
      return lock.tryAcquire().isEmpty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void reserve_withoutTransaction_isRefusedBeforeTheMethod() {
    assertThatThrownBy(() -> stock().reserveWithoutTransaction("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no transaction is active");
    assertThat(left("a")).isEqualTo(10);
  }
}
