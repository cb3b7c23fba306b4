package io.zookit.chaos;

import io.zookit.testkit.RecordedHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Servers, clients that increment a counter under a lock, and the counter. */
final class Arena implements AutoCloseable {

  private final Ground ground;
  private final CounterService counter;
  private final RecordedHistory history = new RecordedHistory();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicLong believed = new AtomicLong();

  private Arena(Ground ground, CounterService counter) {
    this.ground = ground;
    this.counter = counter;
  }

  static Arena open(Path logs, int clients) throws IOException {
    Arena arena = new Arena(Ground.open(logs), CounterService.start());
    for (int i = 1; i <= clients; i++) {
      arena.ground.join(
          "client-" + i,
          CounterWorker.class,
          (life, line) -> arena.heard(line),
          String.valueOf(arena.counter.port()));
    }
    return arena;
  }

  private void heard(String line) {
    if (history.add(line)) {
      return;
    }
    if (line.startsWith(CounterWorker.PAUSED)) {
      pauses.incrementAndGet();
    } else if (line.startsWith(CounterWorker.BELIEVED)) {
      pauses.incrementAndGet();
      String length = line.substring(CounterWorker.BELIEVED.length());
      // Within two ticks of its end the session may still have been there, and was then right.
      if (Duration.parse(length).compareTo(Ground.SESSION.plus(Ground.TWO_TICKS)) > 0) {
        believed.incrementAndGet();
      }
    }
  }

  Ground ground() {
    return ground;
  }

  CounterService counter() {
    return counter;
  }

  RecordedHistory history() {
    return history;
  }

  /** Returns the number of processes that found themselves stopped inside the section for longer than the session. */
  long pauses() {
    return pauses.get();
  }

  /** Returns the number of those that still considered their lease valid. */
  long believed() {
    return believed.get();
  }

  /** Everything works again, and the clients end in their own time. */
  void finish() throws InterruptedException {
    counter.disarm();
    ground.finish();
  }

  @Override
  public void close() {
    ground.close();
    counter.close();
  }
}
