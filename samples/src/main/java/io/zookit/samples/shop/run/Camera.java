package io.zookit.samples.shop.run;

import io.zookit.samples.shop.process.Event.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the moment a few times a second, from a thread of its own, until it is closed. */
final class Camera implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Camera.class);
  private static final Duration PERIOD = Duration.ofMillis(400);
  private static final Duration RECENT = Duration.ofSeconds(2);

  private final Chronicle chronicle;
  private final ShopDatabase database;
  private final Stage stage;
  private final Progress progress;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "demo-camera");

  private Camera(Chronicle chronicle, ShopDatabase database, Stage stage, Progress progress) {
    this.chronicle = chronicle;
    this.database = database;
    this.stage = stage;
    this.progress = progress;
    thread.setDaemon(true);
  }

  static Camera start(Chronicle chronicle, ShopDatabase database, Stage stage, Progress progress) {
    Camera camera = new Camera(chronicle, database, stage, progress);
    camera.thread.start();
    return camera;
  }

  @Override
  public void close() throws InterruptedException {
    closed.countDown();
    thread.join();
  }

  private void run() {
    try {
      do {
        progress.show(Picture.of(scene()));
      } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
    } catch (SQLException e) {
      LOG.warn("the picture stands still", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Scene scene() throws SQLException {
    Duration now = chronicle.now();
    long recent = chronicle
        .all(Kind.ACKNOWLEDGED)
        .filter(entry -> entry.at().compareTo(now.minus(RECENT)) > 0)
        .count();
    return new Scene(
        now,
        chronicle.count(Kind.ACKNOWLEDGED),
        (double) recent / RECENT.toSeconds(),
        chronicle.count(Kind.FAILED),
        database.shelves(),
        stage.conditions());
  }
}
