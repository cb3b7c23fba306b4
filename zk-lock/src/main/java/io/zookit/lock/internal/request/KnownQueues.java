package io.zookit.lock.internal.request;

import io.zookit.core.internal.path.ZkPath;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * State in which the last request of this process found each queue. It decides how the next one creates its node; it is a
 * guess, and a wrong one costs a round trip. Keeps the {@value #MOST} queues used last. Used on the loop.
 */
final class KnownQueues {

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

  private static final int MOST = 10_000;

  private final Map<ZkPath, Experience> queues = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<ZkPath, Experience> eldest) {
      return size() > MOST;
    }
  };

  Experience of(ZkPath queue) {
    return queues.getOrDefault(queue, Experience.NONE);
  }

  /** Remembers that a queue exists and may be written to. */
  void onSeen(ZkPath queue, boolean alone) {
    queues.merge(
        queue,
        alone ? Experience.ALONE : Experience.WITH_OTHERS,
        (before, now) -> before == Experience.NOT_WRITABLE ? before : now);
  }

  /** Remembers that a write to a queue was refused. */
  void onNotWritable(ZkPath queue) {
    queues.put(queue, Experience.NOT_WRITABLE);
  }

  /** Forgets a queue that does not exist. */
  void onMissing(ZkPath queue) {
    queues.remove(queue);
  }
}
