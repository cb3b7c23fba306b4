package io.zookit.samples.shop.run;

import io.zookit.samples.shop.ProcessFleet;
import io.zookit.samples.shop.ShopDatabase;
import io.zookit.samples.shop.ShopEventLog;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redraws the dashboard several times a second, in a thread of its own, until it is closed. */
final class DashboardRefresher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DashboardRefresher.class);
  private static final Duration PERIOD = Duration.ofMillis(400);
  private static final Duration RECENT = Duration.ofSeconds(2);

  private final ShopEventLog log;
  private final ShopDatabase database;
  private final ProcessFleet fleet;
  private final ProgressDisplay progress;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "demo-refresher");

  private DashboardRefresher(
      ShopEventLog log, ShopDatabase database, ProcessFleet fleet, ProgressDisplay progress) {
    this.log = log;
    this.database = database;
    this.fleet = fleet;
    this.progress = progress;
    thread.setDaemon(true);
  }

  static DashboardRefresher start(
      ShopEventLog log, ShopDatabase database, ProcessFleet fleet, ProgressDisplay progress) {
    DashboardRefresher refresher = new DashboardRefresher(log, database, fleet, progress);
    refresher.thread.start();
    return refresher;
  }

  @Override
  public void close() throws InterruptedException {
    closed.countDown();
    thread.join();
  }

  private void run() {
    try {
      do {
        progress.show(Dashboard.of(scene()));
      } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
    } catch (SQLException e) {
      LOG.warn("the picture stands still", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DashboardState scene() throws SQLException {
    Duration now = log.now();
    long recent = log.all(Kind.ACKNOWLEDGED)
        .filter(entry -> entry.at().compareTo(now.minus(RECENT)) > 0)
        .count();
    return new DashboardState(
        now,
        log.count(Kind.ACKNOWLEDGED),
        (double) recent / RECENT.toSeconds(),
        log.count(Kind.FAILED),
        database.stock(),
        fleet.conditions());
  }
}
