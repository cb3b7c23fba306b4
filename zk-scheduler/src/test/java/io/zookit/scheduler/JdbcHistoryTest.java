package io.zookit.scheduler;

import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The contract on H2. */
class JdbcHistoryTest extends JdbcHistoryContract {

  private final JdbcDataSource source = new JdbcDataSource();

  JdbcHistoryTest() {
    source.setURL("jdbc:h2:mem:contract;DB_CLOSE_DELAY=-1");
  }

  @Override
  DataSource source() {
    return source;
  }

  @Override
  List<String> migration(String zone) {
    return List.of(
        "SET TIME ZONE '" + zone + "'; ALTER TABLE runs ALTER COLUMN slot SET DATA TYPE"
            + " TIMESTAMP WITH TIME ZONE; ALTER TABLE runs ALTER COLUMN started SET DATA TYPE"
            + " TIMESTAMP WITH TIME ZONE; ALTER TABLE runs ALTER COLUMN ended SET DATA TYPE"
            + " TIMESTAMP WITH TIME ZONE",
        "ALTER TABLE runs ADD COLUMN fold SMALLINT DEFAULT 0 NOT NULL");
  }
}
