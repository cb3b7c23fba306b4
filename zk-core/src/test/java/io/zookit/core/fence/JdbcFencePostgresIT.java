package io.zookit.core.fence;

import static io.zookit.core.fence.FenceMode.EXCLUSIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract on a real PostgreSQL. */
@Tag("full")
class JdbcFencePostgresIT extends JdbcFenceContract {

  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @Override
  Connection connect() throws SQLException {
    return postgres.getPostgresDatabase().getConnection();
  }

  @Test
  void admit_rowMadeAfterTheSnapshot_failsInsteadOfReadingThePast() throws SQLException {
    try (Connection later = transaction()) {
      later.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      assertThat(readCounter(later)).isZero();
      admitAndCommit("stock", T4, EXCLUSIVE);

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> fence.admit(later, "stock", T5, EXCLUSIVE))
          .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("40001"));
    }
  }

  /** An exclusive holder writes the row even when the mark stays, so a snapshot taken before it is refused. */
  @Test
  void admit_snapshotOlderThanThePreviousHoldersCommit_failsInsteadOfReadingThePast()
      throws SQLException {
    admitAndCommit("stock", T4, EXCLUSIVE);
    try (Connection later = transaction();
        Connection earlier = transaction()) {
      later.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      assertThat(readCounter(later)).isZero();
      fence.admit(earlier, "stock", T4, EXCLUSIVE);
      writeCounter(earlier, 10);
      earlier.commit();

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> fence.admit(later, "stock", T5, EXCLUSIVE))
          .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("40001"));
    }
  }
}
