package io.zookit.lock.internal.request;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.DeadlockException;
import io.zookit.lock.internal.queue.PredecessorWait;
import io.zookit.lock.internal.rule.GrantDecision;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Searches for a cycle of waiting requests over processes. Used on the loop; reads only, but for what the party's own nodes
 * say.
 *
 * <p>A party that waits long writes into the nodes it holds at which node it waits. A search begins at the own waiting
 * node and follows: the requests ahead in that queue; of each, where its party waits; the requests ahead there; and so on.
 * A way back to the own node is a cycle. All members of a cycle search alike, and the one whose waiting node was created
 * last fails: a cycle that all see has one youngest.
 *
 * <p>Best effort: only parties that search can be followed, and what was read one after the other may have changed; a
 * cycle is followed once more before a request fails.
 */
final class DeadlockSearch {

  private static final int MOST_NODES = 256;

  /** A node on the way, and the waiting node from which it was reached. */
  private record Step(ZkPath holder, ZkPath waiter) {}

  private final LockEngine engine;
  private final LockRequest request;
  private final PredecessorWait turn;
  private final SessionHandle handle;
  private final Deque<Step> open = new ArrayDeque<>();
  private final Map<ZkPath, Step> reachedBy = new HashMap<>();
  private final Map<ZkPath, Long> madeAt = new HashMap<>();
  private final Map<ZkPath, String> who = new HashMap<>();
  private final boolean confirmed;

  private DeadlockSearch(
      LockEngine engine, LockRequest request, PredecessorWait turn, boolean confirmed) {
    this.engine = engine;
    this.request = request;
    this.turn = turn;
    this.handle = turn.handle();
    this.confirmed = confirmed;
  }

  /** Searches once; the request fails if it is the youngest in a cycle. */
  static void begin(LockEngine engine, LockRequest request, PredecessorWait turn) {
    new DeadlockSearch(engine, request, turn, false).begin();
  }

  private void begin() {
    madeAt.put(own(), turn.node().czxid());
    followQueue(own(), turn.node().claim().rule());
  }

  private ZkPath own() {
    return turn.node().path();
  }

  /** Adds those a waiting node waits for. */
  private void followQueue(ZkPath waiter, GrantRule rule) {
    handle.list(waiter.parent(), listed -> {
      if (listed.isOk()) {
        List<QueueEntry> queue = QueueEntry.inOrder(listed.get());
        QueueEntry.parse(waiter.name())
            .filter(queue::contains)
            .ifPresent(mine -> blockers(rule, mine, queue)
                .forEach(
                    blocker -> open.add(new Step(waiter.parent().own(blocker.node()), waiter))));
      }
      next();
    });
  }

  private static List<QueueEntry> blockers(
      GrantRule rule, QueueEntry mine, List<QueueEntry> queue) {
    return rule.decide(mine, queue) instanceof GrantDecision.Over
        ? List.of()
        : rule.conflicting(mine, queue);
  }

  private void next() {
    Step step = open.poll();
    if (step == null || reachedBy.size() >= MOST_NODES || !isStillWaiting()) {
      return;
    }
    handle.getData(step.holder(), null, read -> {
      Optional<OwnerRecord> owner =
          read.isOk() ? OwnerRecord.read(read.get().data()) : Optional.empty();
      owner.ifPresent(known -> who.put(step.holder(), name(known)));
      Optional<ZkPath> waiting = owner.map(OwnerRecord::waitsFor).map(ZkPath::new);
      if (waiting.isPresent() && waiting.get().equals(own())) {
        onCircle(step);
      } else if (waiting.isPresent() && reachedBy.putIfAbsent(waiting.get(), step) == null) {
        followWaiter(waiting.get());
      } else {
        next();
      }
    });
  }

  private void followWaiter(ZkPath waiting) {
    handle.exists(waiting, null, found -> {
      if (found.isOk()) {
        madeAt.put(waiting, found.get().getCzxid());
        followQueue(waiting, GrantRule.EXCLUSIVE);
      } else {
        next();
      }
    });
  }

  private static String name(OwnerRecord owner) {
    return owner.owner() + (owner.party() == null ? "" : " " + owner.party());
  }

  private void onCircle(Step last) {
    List<String> lines = new ArrayList<>();
    boolean youngest = true;
    for (Step step = last; step != null; step = reachedBy.get(step.waiter())) {
      lines.add(
          0, step.waiter() + " waits for " + step.holder() + " held by " + who.get(step.holder()));
      Long made = madeAt.get(step.waiter());
      youngest &= made == null || made <= turn.node().czxid();
    }
    if (youngest && isStillWaiting()) {
      if (confirmed) {
        request.giveUp(new DeadlockException(request + ": given up in a deadlock", lines));
      } else {
        new DeadlockSearch(engine, request, turn, true).begin();
      }
    }
  }

  private boolean isStillWaiting() {
    return request.waitsFor().contains(turn);
  }
}
