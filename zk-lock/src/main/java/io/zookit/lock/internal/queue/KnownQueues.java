package io.zookit.lock.internal.queue;

import io.zookit.core.internal.path.ZkPath;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * State in which the last request of this process found each queue, for how long its leases were held, and whether requests
 * follow its releases at once. It decides how the next request creates its node and what it watches, and whether a release
 * waits for it; it is a guess, and a wrong one costs a round trip or a short delay. Keeps the {@value #MOST} queues used
 * last. Used on the loop.
 */
public final class KnownQueues {

  /** State in which a request found a queue. */
  enum Experience {
    /** Nothing is known: the queue may not exist. */
    NONE,
    /** The queue exists; no other request was in it. */
    ALONE,
    /** Other requests were in the queue. */
    WITH_OTHERS,
    /** The queue may not be written to. */
    NOT_WRITABLE
  }

  /**
   * Knowledge about a queue.
   *
   * @param held mean time for which the last leases were held, in nanoseconds; {@link #NEVER_HELD} if there was none
   * @param releasedAt time of the last release, if no request has followed yet; otherwise {@link #NEVER}
   * @param returns number of releases in a row that a request followed at once
   */
  private record Queue(Experience experience, long held, long releasedAt, int returns) {

    Queue with(Experience now) {
      return new Queue(now, held, releasedAt, returns);
    }

    Queue withHold(long nanos) {
      return new Queue(
          experience,
          held == NEVER_HELD ? nanos : held + (nanos - held) / HOLDS_IN_THE_MEAN,
          releasedAt,
          returns);
    }

    Queue withRelease(long nanos) {
      return new Queue(experience, held, nanos, returns);
    }

    Queue withReturn(boolean atOnce) {
      return new Queue(experience, held, NEVER, atOnce ? returns + 1 : 0);
    }
  }

  private static final int MOST = 10_000;
  private static final long NEVER_HELD = -1;
  private static final long NEVER = Long.MIN_VALUE;
  private static final int HOLDS_IN_THE_MEAN = 4;
  private static final int RETURNS_TO_EXPECT_MORE = 3;
  private static final Queue UNKNOWN = new Queue(Experience.NONE, NEVER_HELD, NEVER, 0);

  private final Map<ZkPath, Queue> queues = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<ZkPath, Queue> eldest) {
      return size() > MOST;
    }
  };

  Experience of(ZkPath queue) {
    return known(queue).experience;
  }

  /**
   * Returns whether leases on a queue are usually held for less than a given time.
   *
   * @return false if no lease of this process was held there
   */
  boolean isHeldForLessThan(long nanos, ZkPath queue) {
    long held = known(queue).held;
    return held != NEVER_HELD && held < nanos;
  }

  /** Remembers that a queue exists and may be written to. */
  void onSeen(ZkPath queue, boolean alone) {
    Queue known = known(queue);
    if (known.experience != Experience.NOT_WRITABLE) {
      queues.put(queue, known.with(alone ? Experience.ALONE : Experience.WITH_OTHERS));
    }
  }

  /** Remembers that a write to a queue was refused. */
  void onNotWritable(ZkPath queue) {
    queues.put(queue, known(queue).with(Experience.NOT_WRITABLE));
  }

  /** Remembers for how long a lease was held. */
  public void onHeld(ZkPath queue, long nanos) {
    Queue known = queues.get(queue);
    if (known != null) {
      queues.put(queue, known.withHold(nanos));
    }
  }

  /** Remembers when a lease was released. */
  void onReleased(ZkPath queue, long nanos) {
    Queue known = queues.get(queue);
    if (known != null) {
      queues.put(queue, known.withRelease(nanos));
    }
  }

  /**
   * Remembers that a request follows a release, if there was one since the last request.
   *
   * @param within the longest time between both that counts as at once, in nanoseconds
   */
  void onRequested(ZkPath queue, long nanos, long within) {
    Queue known = queues.get(queue);
    if (known != null && known.releasedAt != NEVER) {
      queues.put(queue, known.withReturn(nanos - known.releasedAt <= within));
    }
  }

  /** Forgets that requests follow releases at once, since one did not. */
  void onNotRequested(ZkPath queue) {
    Queue known = queues.get(queue);
    if (known != null) {
      queues.put(queue, known.withReturn(false));
    }
  }

  /** Returns whether a request of this process followed each of the last releases at once. */
  boolean isReturnExpected(ZkPath queue) {
    return known(queue).returns >= RETURNS_TO_EXPECT_MORE;
  }

  /** Forgets a queue that does not exist. */
  void onMissing(ZkPath queue) {
    queues.remove(queue);
  }

  private Queue known(ZkPath queue) {
    return queues.getOrDefault(queue, UNKNOWN);
  }
}
