package io.zookit.chaos.id;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Control: ids of the second and a machine number that is leased by time, in the way of uid-generator and of CosId's machine
 * distributors. A number whose owner has not renewed it for a while is given to another process; an owner that was stopped
 * does not know. There are as many numbers as processes, and the one that has been free for the longest time is given out
 * first, so the next process that starts takes the number of one that is stopped.
 *
 * <p>A number is taken by a compare-and-set, its next owner begins in a later second than the one before has reported, and its
 * clock is right: only the lease by time is wrong.
 *
 * <p>Not thread-safe.
 */
final class RecycledMachine {

  private static final String FOLDER = "/machines";
  private static final int NUMBERS = 4;
  private static final int NUMBER_BITS = 4;
  private static final int SEQUENCE_BITS = 24;
  private static final String FREE = "free ";
  private static final String USED = "used ";
  private static final Duration RENEWAL = Duration.ofMillis(300);
  private static final Duration RECYCLED_AFTER = Duration.ofMillis(900);

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

  /** Returns ids, and renews the number if that is due; none while no number is free. */
  long[] next(int count) throws Exception {
    if (number < 0 && !claim()) {
      return new long[0];
    }
    long[] ids = ids(count); // the renewal comes after the ids: an owner renews now and then
    long now = clock.now().toEpochMilli();
    if (now - renewed > RENEWAL.toMillis()) {
      write(USED);
    }
    return ids;
  }

  /** Gives the number back, as a process that ends does; the next ids have another one, as those of a new process have. */
  void restart() throws Exception {
    if (number >= 0) {
      write(FREE);
      number = -1;
    }
  }

  private void write(String state) throws Exception {
    renewed = clock.now().toEpochMilli();
    curator.setData().forPath(path(number), (state + renewed).getBytes(UTF_8));
  }

  private boolean claim() throws Exception {
    int oldest = -1;
    int version = 0;
    long since = Long.MAX_VALUE;
    long now = clock.now().toEpochMilli();
    for (int n = 0; n < NUMBERS; n++) {
      if (curator.checkExists().forPath(path(n)) == null) {
        return create(n);
      }
      Stat stat = new Stat();
      String text = new String(curator.getData().storingStatIn(stat).forPath(path(n)), UTF_8);
      long stamp = Long.parseLong(text.substring(FREE.length()));
      boolean isFree = text.startsWith(FREE) || now - stamp > RECYCLED_AFTER.toMillis();
      if (isFree && stamp < since) {
        oldest = n;
        version = stat.getVersion();
        since = stamp;
      }
    }
    return oldest >= 0 && take(oldest, version, since);
  }

  private boolean create(int n) throws Exception {
    try {
      curator.create().creatingParentsIfNeeded().forPath(path(n), stamp());
    } catch (KeeperException.NodeExistsException e) {
      return false;
    }
    own(n, 0);
    return true;
  }

  private boolean take(int n, int version, long since) throws Exception {
    try {
      curator.setData().withVersion(version).forPath(path(n), stamp());
    } catch (KeeperException.BadVersionException e) {
      return false;
    }
    own(n, since);
    return true;
  }

  private byte[] stamp() {
    renewed = clock.now().toEpochMilli();
    return (USED + renewed).getBytes(UTF_8);
  }

  private void own(int n, long since) {
    number = n;
    tick = since / 1_000;
    sequence = (1L << SEQUENCE_BITS) - 1; // the next id begins a later second
  }

  private long[] ids(int count) {
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      long now = Math.max(clock.now().getEpochSecond(), tick); // never behind its own last id
      if (now > tick) {
        tick = now;
        sequence = 0;
      } else if (++sequence >> SEQUENCE_BITS > 0) {
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
}
