package io.zookit.core.fence;

import static io.zookit.core.fence.FenceMode.EXCLUSIVE;
import static io.zookit.core.fence.FenceMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The contract on H2, and the cost that the Javadoc promises. */
class JdbcFenceTest extends JdbcFenceContract {

  @Override
  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:h2:mem:fence;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000");
  }

  @Test
  void admit_everyCase_takesTheStatementsPromised() throws SQLException {
    assertThat(statements(T4, EXCLUSIVE)).as("first touch").isEqualTo(4);
    assertThat(statements(T4, EXCLUSIVE)).as("exclusive again").isEqualTo(2);
    assertThat(statements(T5, EXCLUSIVE)).as("next exclusive").isEqualTo(2);
    assertThat(statements(T6, SHARED)).as("newest reader").isEqualTo(2);
    assertThat(statements(T6, SHARED)).as("reader again").isEqualTo(1);
  }

  private int statements(FencingToken token, FenceMode mode) throws SQLException {
    AtomicInteger count = new AtomicInteger();
    try (Connection connection = transaction()) {
      fence.admit(counting(connection, count), "stock", token, mode);
      connection.commit();
    }
    return count.get();
  }

  private static Connection counting(Connection connection, AtomicInteger count) {
    return (Connection) Proxy.newProxyInstance(
        JdbcFenceTest.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, args) -> {
          if (method.getName().matches("prepareStatement|setSavepoint|releaseSavepoint")) {
            count.incrementAndGet();
          }
          return method.invoke(connection, args);
        });
  }
}
