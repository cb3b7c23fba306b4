package io.zookit.chaos.id;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/**
 * Control: ids of the clock and a machine number that is leased by time, in the way of CosId's machine distributors. A number
 * whose owner has not renewed it for a while is given to the next process; an owner that was stopped does not know.
 *
 * <p>Not thread-safe.
 */
final class RecycledMachine {

  private static final String FOLDER = "/machines";
  private static final int NUMBERS = 64;
  private static final int NUMBER_BITS = 10;
  private static final int SEQUENCE_BITS = 12;
  private static final Duration RENEWAL = Duration.ofMillis(500);
  private static final Duration RECYCLED_AFTER = Duration.ofSeconds(2);

  private final CuratorFramework curator;
  private final Timekeeper clock;
  private int number = -1;
  private long renewed;
  private long tick;
  private long sequence;

  RecycledMachine(CuratorFramework curator, Timekeeper clock) {
    this.curator = curator;
    this.clock = clock;
  }

  /** Returns ids, after renewing the number if that is due. */
  long[] next(int count) throws Exception {
    long now = clock.now().toEpochMilli();
    if (number < 0) {
      number = claim(now);
      renewed = now;
    } else if (Math.abs(now - renewed) > RENEWAL.toMillis()) {
      long[] ids = ids(count); // the renewal comes after the ids: an owner renews now and then
      curator.setData().forPath(path(number), stamp(now));
      renewed = now;
      return ids;
    }
    return ids(count);
  }

  /** Gives the number up, as a restart does: the next ids have another one. */
  void restart() {
    number = -1;
  }

  private int claim(long now) throws Exception {
    for (int n = 0; n < NUMBERS; n++) {
      try {
        curator.create().creatingParentsIfNeeded().forPath(path(n), stamp(now));
        return n;
      } catch (KeeperException.NodeExistsException e) {
        String stamp = new String(curator.getData().forPath(path(n)), UTF_8);
        if (now - Long.parseLong(stamp) > RECYCLED_AFTER.toMillis()) {
          curator.setData().forPath(path(n), stamp(now));
          return n;
        }
      }
    }
    throw new IllegalStateException("no machine number is left");
  }

  private long[] ids(int count) {
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      sequence++;
      long now = Math.max(clock.now().toEpochMilli(), tick); // never behind its own last id
      if (now > tick) {
        tick = now;
        sequence = 0;
      } else if (sequence >> SEQUENCE_BITS > 0) {
        tick++;
        sequence = 0;
      }
      ids[i] = (tick << NUMBER_BITS | number) << SEQUENCE_BITS | sequence;
    }
    return ids;
  }

  private static String path(int number) {
    return FOLDER + "/" + number;
  }

  private static byte[] stamp(long now) {
    return Long.toString(now).getBytes(UTF_8);
  }
}
