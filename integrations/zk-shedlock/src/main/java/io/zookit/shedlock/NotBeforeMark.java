package io.zookit.shedlock;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.StateCell;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The time before which no task of a name may start, kept in ZooKeeper so that it outlives the process that set it. Only the
 * owner of the name's lock uses it, and it never goes back.
 */
final class NotBeforeMark {

  private static final String CELLS = "shedlock-not-before/";
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final StateCell cell;

  private NotBeforeMark(StateCell cell) {
    this.cell = cell;
  }

  static NotBeforeMark of(String name, ZkClient client) {
    return new NotBeforeMark(StateCell.named(CELLS + name, client));
  }

  /** Tells if the mark has passed, and if so, sets the next one. */
  boolean passes(Instant now, Instant next) throws InterruptedException {
    AtomicBoolean passed = new AtomicBoolean();
    cell.update(TIMEOUT, stored -> {
      passed.set(!time(stored).isAfter(now));
      return passed.get() ? bytes(next) : stored;
    });
    return passed.get();
  }

  /** Raises the mark, unless it is later already. */
  void raise(Instant next) throws InterruptedException {
    cell.update(TIMEOUT, stored -> time(stored).isAfter(next) ? stored : bytes(next));
  }

  private Instant time(byte[] stored) {
    try {
      return stored.length == 0
          ? Instant.EPOCH
          : Instant.ofEpochMilli(Long.parseLong(new String(stored, US_ASCII)));
    } catch (NumberFormatException e) {
      throw new ZkException(cell + ": is not a time in milliseconds", e);
    }
  }

  private static byte[] bytes(Instant time) {
    return Long.toString(time.toEpochMilli()).getBytes(US_ASCII);
  }
}
