package io.zookit.rules;

import io.zookit.core.ZkClient;
import io.zookit.core.fence.JdbcFence;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The class that a snippet of a document is compiled into, with what snippets may take for granted. */
public abstract class SnippetContext {

  /** A connected client. */
  protected final ZkClient zk;

  /** A context with a client. */
  protected SnippetContext(ZkClient zk) {
    this.zk = zk;
  }

  /** The snippet. */
  public abstract void run() throws Exception;

  /** A new database with the table {@code fences}. */
  protected static DataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    try (Connection connection = database.getConnection()) {
      JdbcFence.table("fences").createTable(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return database;
  }
}
