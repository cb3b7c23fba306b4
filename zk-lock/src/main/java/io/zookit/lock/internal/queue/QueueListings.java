package io.zookit.lock.internal.queue;

import io.zookit.core.Timekeeper;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Listings of queues in one session, shared by the requests of a queue.
 *
 * <p>One listing of a queue is under way at a time. Requests that ask for one meanwhile share the next, which is sent when
 * the present one is answered: an answer never describes the queue as it was before it was asked for. Each answer is
 * parsed once.
 *
 * <p><i>Threads:</i> used on the loop. <i>Cost:</i> of any number of simultaneous listings of one queue, at most two.
 */
final class QueueListings {

  private static final int LISTINGS_IN_THE_MEAN = 4;

  private final SessionHandle handle;
  private final Timekeeper timekeeper;
  private long roundTrip;

  /** For each queue that is being listed, the requests that share the next listing. */
  private final Map<ZkPath, List<Consumer<Answer<List<QueueEntry>>>>> next = new HashMap<>();

  QueueListings(SessionHandle handle, Timekeeper timekeeper) {
    this.handle = handle;
    this.timekeeper = timekeeper;
  }

  SessionHandle handle() {
    return handle;
  }

  /** Returns the mean time that the last listings took, in nanoseconds; 0 if there was none. */
  long roundTrip() {
    return roundTrip;
  }

  /**
   * Lists the requests of a queue.
   *
   * @param reply receives them in the order of the queue
   */
  void list(ZkPath queue, Consumer<Answer<List<QueueEntry>>> reply) {
    List<Consumer<Answer<List<QueueEntry>>>> waiting = next.get(queue);
    if (waiting == null) {
      send(queue, List.of(reply));
    } else {
      waiting.add(reply);
    }
  }

  private void send(ZkPath queue, List<Consumer<Answer<List<QueueEntry>>>> replies) {
    next.put(queue, new ArrayList<>());
    long sentAt = timekeeper.nanos();
    handle.list(queue, listed -> {
      long took = timekeeper.nanos() - sentAt;
      roundTrip = roundTrip == 0 ? took : roundTrip + (took - roundTrip) / LISTINGS_IN_THE_MEAN;
      List<Consumer<Answer<List<QueueEntry>>>> later = next.remove(queue);
      if (later != null && !later.isEmpty()) {
        send(queue, later);
      }
      Answer<List<QueueEntry>> entries = parse(listed);
      replies.forEach(reply -> reply.accept(entries));
    });
  }

  /** Parses an answer; requests outside the grammar are left out. */
  static Answer<List<QueueEntry>> parse(Answer<List<String>> listed) {
    return listed.isOk()
        ? Answer.ok(QueueEntry.inOrder(listed.get()))
        : new Answer<>(listed.code(), null, listed.sent());
  }
}
