package io.zookit.lock;

import static io.zookit.core.fence.FenceMode.EXCLUSIVE;
import static io.zookit.core.fence.FenceMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.JdbcFence;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.election.LeaderListener;
import io.zookit.lock.election.Leadership;
import io.zookit.testkit.ZkServerExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tokens of every kind of lock before a relational store that checks them, on each database it is made for. */
@Tag("full")
class FencedStoreIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final String NAME = "stock";
  private static EmbeddedPostgres postgres;

  /** The kinds of stores. */
  private enum Database {
    H2,
    POSTGRES;

    Connection connect() throws SQLException {
      if (this == H2) {
        return DriverManager.getConnection("jdbc:h2:mem:fenced;DB_CLOSE_DELAY=-1");
      }
      DataSource source = postgres.getPostgresDatabase();
      return source.getConnection();
    }
  }

  private interface Acquire {

    /** Acquires a lock that excludes all others of the name. */
    FencingToken by(ZkClient client) throws Exception;
  }

  /** All ways to exclude others. */
  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private enum Kind {
    MUTEX(client -> DistributedLock.named(NAME, client).acquire(LockWorld.LONG).token()),
    NOT_LOOKING_AHEAD(client -> DistributedLock.builder(NAME, client)
        .lookAhead(false)
        .build()
        .acquire(LockWorld.LONG)
        .token()),
    HANDED_ON(FencedStoreIT::handedOn),
    ROBUST(client -> DistributedLock.builder(NAME, client)
        .robust()
        .build()
        .acquire(LockWorld.LONG)
        .token()),
    WRITE(client -> DistributedReadWriteLock.named(NAME, client)
        .writeLock()
        .acquire(LockWorld.LONG)
        .token()),
    SEVERAL(client -> DistributedLock.several(client)
        .exclusive(NAME)
        .shared("other")
        .build()
        .acquire(LockWorld.LONG)
        .token()),
    JAVA(client -> {
      JavaLock lock = DistributedLock.named(NAME, client).asJavaLock();
      lock.lock();
      return lock.lease().token();
    }),
    ONE_PERMIT(client ->
        DistributedSemaphore.named(NAME, 1, client).acquire(1, LockWorld.LONG).token()),
    CELL(client -> StateCell.named(NAME, client).acquire(LockWorld.LONG).token()),
    LEADER(FencedStoreIT::elected);

    private final Acquire acquire;

    Kind(Acquire acquire) {
      this.acquire = acquire;
    }
  }

  private static FencingToken handedOn(ZkClient client) throws Exception {
    DistributedLock lock = DistributedLock.builder(NAME, client).localHandOff(9).build();
    Lease first = lock.acquire(LockWorld.LONG);
    CompletableFuture<Lease> second = lock.acquireAsync();
    first.close();
    return second.get(20, TimeUnit.SECONDS).token();
  }

  private static FencingToken elected(ZkClient client) throws Exception {
    CompletableFuture<FencingToken> epoch = new CompletableFuture<>();
    LeaderElection.named(NAME, client).join("n", new LeaderListener() {
      @Override
      public void onElected(Leadership leadership) {
        epoch.complete(leadership.epoch());
      }
    });
    return epoch.get(20, TimeUnit.SECONDS);
  }

  private final JdbcFence fence = JdbcFence.table("fence");
  private LockWorld world;
  private ZkClient one;
  private ZkClient two;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void open() throws Exception {
    world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());
    one = world.client("one");
    two = world.client("two");
    for (Database database : Database.values()) {
      try (Connection connection = database.connect()) {
        fence.createTable(connection);
        execute(connection, "DROP TABLE IF EXISTS stock");
        execute(connection, "DELETE FROM fence");
        execute(connection, "CREATE TABLE stock (pieces INT)");
        execute(connection, "INSERT INTO stock VALUES (10)");
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  static Stream<Arguments> kindsAndDatabases() {
    return Arrays.stream(Kind.values())
        .flatMap(kind -> Arrays.stream(Database.values()).map(each -> Arguments.of(kind, each)));
  }

  /** The first holder's node is removed without its knowledge, as after a pause longer than its session. */
  @ParameterizedTest
  @MethodSource("kindsAndDatabases")
  void admit_holderThatWasReplaced_isRefusedAndTheNextIsNot(Kind kind, Database database)
      throws Exception {
    FencingToken stale = kind.acquire.by(one);
    FencingToken next = replaced(kind);
    assertThat(next).isGreaterThan(stale);
    put(database, stale, 9); // it is late, but no other holder has touched the store
    assertThat(take(database, next, EXCLUSIVE)).isEqualTo(9);
    assertThatThrownBy(() -> put(database, stale, 8)).isInstanceOf(StaleTokenException.class);
    assertThatThrownBy(() -> take(database, stale, EXCLUSIVE))
        .isInstanceOf(StaleTokenException.class);
    put(database, next, 7);
    assertThat(take(database, next, EXCLUSIVE)).isEqualTo(7);
  }

  private FencingToken replaced(Kind kind) throws Exception {
    world.awaitQueue(NAME, 1);
    String node = world.queue(NAME).get(0).path();
    one.close(); // stands for an end that the holder does not hear of
    world.awaitQueue(NAME, 0);
    assertThat(node).startsWith(world.queuePath(NAME));
    return kind.acquire.by(two);
  }

  /** A fence that kept only one number would always refuse the earlier reader. */
  @ParameterizedTest
  @EnumSource
  void admit_laterReaderTouchedFirst_earlierReaderIsNotRefused(Database database) throws Exception {
    Lease earlier = reading(one);
    Lease later = reading(two);
    assertThat(later.token()).isGreaterThan(earlier.token());
    assertThat(take(database, later.token(), SHARED)).isEqualTo(10);
    assertThat(take(database, earlier.token(), SHARED)).isEqualTo(10);
    assertThat(take(database, later.token(), SHARED)).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  void admit_readersThenWriterThenReader_theStaleOnesAreRefused(Database database)
      throws Exception {
    Lease early = reading(one);
    Lease beside = reading(two);
    assertThat(take(database, beside.token(), SHARED)).isEqualTo(10);
    early.close();
    beside.close();
    Lease writer = DistributedReadWriteLock.named(NAME, two).writeLock().acquire(LockWorld.LONG);
    put(database, writer.token(), 5);
    for (FencingToken stale : List.of(early.token(), beside.token())) {
      assertThatThrownBy(() -> take(database, stale, SHARED))
          .isInstanceOf(StaleTokenException.class);
    }
    writer.close();
    Lease last = reading(one);
    assertThat(take(database, last.token(), SHARED)).isEqualTo(5);
    assertThatThrownBy(() -> put(database, writer.token(), 4))
        .isInstanceOf(StaleTokenException.class);
    assertThat(take(database, last.token(), SHARED)).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource
  void admit_downgradedWriter_readsOnBesideTheReadersBehindIt(Database database) throws Exception {
    DistributedReadWriteLock mine = DistributedReadWriteLock.named(NAME, one);
    Lease writer = mine.writeLock().acquire(LockWorld.LONG);
    put(database, writer.token(), 3);
    mine.downgrade(writer);
    Lease reader = reading(two);
    assertThat(take(database, reader.token(), SHARED)).isEqualTo(3);
    assertThat(take(database, writer.token(), SHARED)).isEqualTo(3);
    assertThatThrownBy(() -> put(database, writer.token(), 2))
        .isInstanceOf(StaleTokenException.class);
  }

  private static Lease reading(ZkClient client) throws InterruptedException {
    return DistributedReadWriteLock.named(NAME, client).readLock().acquire(LockWorld.LONG);
  }

  private int take(Database database, FencingToken token, FenceMode mode) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      fence.admit(connection, NAME, token, mode);
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT pieces FROM stock")) {
        assertThat(row.next()).isTrue();
        int pieces = row.getInt(1);
        connection.commit();
        return pieces;
      }
    }
  }

  private void put(Database database, FencingToken token, int pieces) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      fence.admit(connection, NAME, token, EXCLUSIVE);
      execute(connection, "UPDATE stock SET pieces = " + pieces);
      connection.commit();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
