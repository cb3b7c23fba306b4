package io.zookit.scheduler;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a real PostgreSQL. */
@Tag("nightly")
class JdbcHistoryPostgresIT extends JdbcHistoryContract {

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
  DataSource source() {
    // Eight connects at a time take longer than the driver's ten seconds where other programs keep
    // the machine busy.
    return postgres.getPostgresDatabase(Map.of("connectTimeout", "60"));
  }

  @Override
  List<String> migration(String zone) {
    return List.of("ALTER TABLE runs"
        + " ALTER COLUMN slot TYPE TIMESTAMP WITH TIME ZONE USING slot AT TIME ZONE '" + zone + "',"
        + " ALTER COLUMN started TYPE TIMESTAMP WITH TIME ZONE USING started AT TIME ZONE '" + zone
        + "', ALTER COLUMN ended TYPE TIMESTAMP WITH TIME ZONE USING ended AT TIME ZONE '" + zone
        + "', ADD COLUMN fold SMALLINT DEFAULT 0 NOT NULL");
  }
}
