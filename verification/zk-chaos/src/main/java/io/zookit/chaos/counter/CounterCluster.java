package io.zookit.chaos.counter;

import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.resource.CounterService;
import io.zookit.testkit.RecordedHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Servers, clients that increment a counter under a lock, and the counter. */
final class CounterCluster implements AutoCloseable {

  private final Testbed testbed;
  private final CounterService counter;
  private final RecordedHistory history = new RecordedHistory();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicLong believed = new AtomicLong();

  private CounterCluster(Testbed testbed, CounterService counter) {
    this.testbed = testbed;
    this.counter = counter;
  }

  static CounterCluster open(Path logs, int clients) throws IOException {
    CounterCluster arena = new CounterCluster(Testbed.open(logs), CounterService.start());
    for (int i = 1; i <= clients; i++) {
      arena.testbed.join(
          "client-" + i,
          CounterWorker.class,
          (life, line) -> arena.onLine(line),
          String.valueOf(arena.counter.port()));
    }
    return arena;
  }

  private void onLine(String line) {
    if (history.add(line)) {
      return;
    }
    if (line.startsWith(CounterWorker.PAUSED)) {
      pauses.incrementAndGet();
    } else if (line.startsWith(CounterWorker.BELIEVED)) {
      pauses.incrementAndGet();
      String length = line.substring(CounterWorker.BELIEVED.length());
      // Within two ticks of its end the session may still have been there, and was then right.
      if (Duration.parse(length).compareTo(Testbed.SESSION.plus(Testbed.TWO_TICKS)) > 0) {
        believed.incrementAndGet();
      }
    }
  }

  Testbed testbed() {
    return testbed;
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
    testbed.finish();
  }

  @Override
  public void close() {
    testbed.close();
    counter.close();
  }
}
