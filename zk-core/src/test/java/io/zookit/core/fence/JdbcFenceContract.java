package io.zookit.core.fence;

import static io.zookit.core.fence.FenceMode.EXCLUSIVE;
import static io.zookit.core.fence.FenceMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.zookit.core.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of the JDBC fence on every database. The data next to it is a table of counters. */
abstract class JdbcFenceContract {

  static final FencingToken T4 = new FencingToken(1, 4, 0);
  static final FencingToken T5 = new FencingToken(1, 5, 0);
  static final FencingToken T6 = new FencingToken(1, 6, 0);
  private static final int THREADS = 4;

  final JdbcFence fence = JdbcFence.table("zookit_fence");

  abstract Connection connect() throws SQLException;

  @BeforeEach
  void createTables() throws SQLException {
    try (Connection connection = connect()) {
      execute(connection, "DROP TABLE IF EXISTS zookit_fence");
      execute(connection, "DROP TABLE IF EXISTS counters");
      execute(connection, "CREATE TABLE counters (name VARCHAR(20) PRIMARY KEY, n INT NOT NULL)");
      execute(connection, "INSERT INTO counters VALUES ('stock', 0)");
      fence.createTable(connection);
    }
  }

  @Test
  void createTable_again_keepsTheMarks() throws SQLException {
    admitAndCommit("stock", T5, EXCLUSIVE);
    try (Connection connection = connect()) {
      fence.createTable(connection);
    }

    assertStale("stock", T4, SHARED);
  }

  @Test
  void createTable_manyAtOnce_allSucceed() throws Exception {
    try (Connection connection = connect()) {
      for (int round = 0; round < 10; round++) {
        execute(connection, "DROP TABLE zookit_fence");
        CyclicBarrier together = new CyclicBarrier(THREADS);
        atOnce(() -> {
          try (Connection own = connect()) {
            together.await();
            fence.createTable(own);
            return 0;
          }
        });
      }
    }
  }

  @Test
  void table_strangeName_isRefused() {
    for (String name : List.of("", "a b", "a;drop table x", "a.b.c", "1a", "a\"b")) {
      assertThatIllegalArgumentException().isThrownBy(() -> JdbcFence.table(name));
    }
    JdbcFence.table("public.zookit_fence");
  }

  @Test
  void admit_autocommit_isRefusedWithTheReason() throws SQLException {
    try (Connection connection = connect()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> fence.admit(connection, "stock", T4, EXCLUSIVE))
          .withMessageContaining("autocommit");
    }
  }

  @Test
  void admit_resourceOutsideItsBounds_isRefused() throws SQLException {
    try (Connection connection = transaction()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> fence.admit(connection, "x".repeat(513), T4, SHARED));
      fence.admit(connection, "\u00e9".repeat(512), T4, SHARED);
    }
  }

  @Test
  void admit_olderTokenAfterCommit_isStaleAndLeavesTheMark() throws SQLException {
    admitAndCommit("stock", T4, EXCLUSIVE);
    admitAndCommit("stock", T5, SHARED);

    assertStale("stock", T4, EXCLUSIVE);
    assertThat(storedMark("stock")).isEqualTo(T4 + " " + T5);
  }

  @Test
  void admit_highTransactionNumber_comparesUnsigned() throws SQLException {
    admitAndCommit("stock", new FencingToken(1, -2L, 0), EXCLUSIVE);

    assertStale("stock", new FencingToken(1, Long.MAX_VALUE, 0), EXCLUSIVE);
    admitAndCommit("stock", new FencingToken(1, -1L, 0), EXCLUSIVE);
  }

  @Test
  void admit_greaterIncarnation_beginsANewMark() throws SQLException {
    admitAndCommit("stock", T6, EXCLUSIVE);
    admitAndCommit("stock", new FencingToken(2, 1, 0), EXCLUSIVE);

    assertStale("stock", T6, EXCLUSIVE);
  }

  @Test
  void admit_readerBehindLaterReader_isNotRefused() throws SQLException {
    admitAndCommit("stock", T5, SHARED);

    admitAndCommit("stock", T4, SHARED);
    assertThat(storedMark("stock")).endsWith(" " + T5);
  }

  @Test
  void admit_rolledBack_leavesTheMarkAsItWas() throws SQLException {
    admitAndCommit("stock", T4, EXCLUSIVE);
    try (Connection connection = transaction()) {
      fence.admit(connection, "stock", T6, EXCLUSIVE);
      fence.admit(connection, "prices", T6, EXCLUSIVE);
      connection.rollback();
    }

    admitAndCommit("stock", T5, EXCLUSIVE);
    admitAndCommit("prices", T5, EXCLUSIVE);
    assertThat(storedMark("stock")).startsWith(T5 + " ");
  }

  @Test
  void admit_refusedAtTheFirstInsert_keepsTheTransactionUsable() throws Exception {
    for (int round = 0; round < 20; round++) {
      String resource = "new-" + round;
      AtomicLong zxid = new AtomicLong();
      CyclicBarrier together = new CyclicBarrier(THREADS);
      List<Integer> admitted = atOnce(() -> {
        try (Connection connection = transaction()) {
          FencingToken mine = new FencingToken(1, zxid.incrementAndGet(), 0);
          together.await();
          return touch(connection, resource, mine);
        }
      });

      assertThat(admitted).contains(1);
      assertThat(storedMark(resource)).startsWith(new FencingToken(1, THREADS, 0) + " ");
    }
  }

  /** Nothing but the fence keeps these transactions apart: the counter is read without a lock. */
  @Test
  void admit_racingTransactions_noAcknowledgedUpdateIsLost() throws Exception {
    AtomicLong zxid = new AtomicLong();
    List<Integer> acknowledged = atOnce(() -> {
      int count = 0;
      try (Connection connection = transaction()) {
        for (int i = 0; i < 50; i++) {
          count += increment(connection, new FencingToken(1, zxid.incrementAndGet(), 0));
        }
      }
      return count;
    });

    assertThat(counter())
        .isEqualTo(acknowledged.stream().mapToInt(n -> n).sum())
        .isPositive();
  }

  @Test
  void admit_readsFencedToo_staleWriterIsRefused() throws SQLException {
    try (Connection stale = transaction();
        Connection fresh = transaction()) {
      fence.admit(stale, "stock", T4, EXCLUSIVE);
      int seenByStale = readCounter(stale);
      stale.commit();

      fence.admit(fresh, "stock", T5, EXCLUSIVE);
      int seenByFresh = readCounter(fresh);
      fresh.commit();

      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> fence.admit(stale, "stock", T4, EXCLUSIVE));
      stale.rollback();
      assertThat(seenByStale).isZero();

      fence.admit(fresh, "stock", T5, EXCLUSIVE);
      writeCounter(fresh, seenByFresh + 1);
      fresh.commit();
    }
    assertThat(counter()).isEqualTo(1);
  }

  /** The control: the same history, fenced at the writes only, acknowledges two updates and keeps one. */
  @Test
  void admit_writesFencedOnly_losesAnAcknowledgedUpdate() throws SQLException {
    try (Connection stale = transaction();
        Connection fresh = transaction()) {
      int seenByStale = readCounter(stale);
      stale.commit();
      int seenByFresh = readCounter(fresh);
      fresh.commit();

      fence.admit(stale, "stock", T4, EXCLUSIVE);
      writeCounter(stale, seenByStale + 1);
      stale.commit();
      fence.admit(fresh, "stock", T5, EXCLUSIVE);
      writeCounter(fresh, seenByFresh + 1);
      fresh.commit();
    }
    assertThat(counter()).isEqualTo(1);
  }

  Connection transaction() throws SQLException {
    Connection connection = connect();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return connection;
  }

  void admitAndCommit(String resource, FencingToken token, FenceMode mode) throws SQLException {
    try (Connection connection = transaction()) {
      fence.admit(connection, resource, token, mode);
      connection.commit();
    }
  }

  private void assertStale(String resource, FencingToken token, FenceMode mode)
      throws SQLException {
    try (Connection connection = transaction()) {
      assertThatExceptionOfType(StaleTokenException.class)
          .isThrownBy(() -> fence.admit(connection, resource, token, mode))
          .withMessageContaining(resource)
          .withMessageContaining(token.toString());
    }
  }

  /** 1 when admitted and committed, 0 when refused; the refused transaction still answers. */
  private int touch(Connection connection, String resource, FencingToken token)
      throws SQLException {
    try {
      fence.admit(connection, resource, token, EXCLUSIVE);
      connection.commit();
      return 1;
    } catch (StaleTokenException e) {
      readCounter(connection);
      connection.rollback();
      return 0;
    }
  }

  private int increment(Connection connection, FencingToken token) throws SQLException {
    try {
      fence.admit(connection, "stock", token, EXCLUSIVE);
      writeCounter(connection, readCounter(connection) + 1);
      connection.commit();
      return 1;
    } catch (StaleTokenException e) {
      connection.rollback();
      return 0;
    }
  }

  private int counter() throws SQLException {
    try (Connection connection = connect()) {
      return readCounter(connection);
    }
  }

  private String storedMark(String resource) throws SQLException {
    String sql = "SELECT last_write, last_read FROM zookit_fence WHERE resource = ?";
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, resource);
      try (ResultSet row = statement.executeQuery()) {
        assertThat(row.next()).isTrue();
        return row.getString(1) + " " + row.getString(2);
      }
    }
  }

  static int readCounter(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT n FROM counters WHERE name = 'stock'")) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }

  static void writeCounter(Connection connection, int value) throws SQLException {
    execute(connection, "UPDATE counters SET n = " + value + " WHERE name = 'stock'");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<Integer> atOnce(Callable<Integer> task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> result : threads.invokeAll(Collections.nCopies(THREADS, task))) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
