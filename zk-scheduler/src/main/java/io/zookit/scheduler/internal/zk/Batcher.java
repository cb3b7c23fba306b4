package io.zookit.scheduler.internal.zk;

import io.zookit.core.internal.session.Answer;
import io.zookit.scheduler.internal.zk.SessionTree.Stamp;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends commits, and lets those share a transaction that come within a moment or while others are under way: what is due
 * at one instant is claimed together, although its triggers fire one after the other.
 *
 * <p>A shared transaction that is refused is sent again without the commit that was refused, so each commit gets its own
 * answer. Lives on the loop, for one session.
 */
public final class Batcher {

  private static final int UNDER_WAY = 4;
  private static final int SHARED = 24;

  private final SessionTree tree;
  private final Consumer<Runnable> later;
  private final Deque<Commit> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean gathering;
  private boolean sending;

  private record Commit(List<WriteOp> changes, Consumer<Answer<List<Stamp>>> reply) {}

  /**
   * A batcher for one connection.
   *
   * @param later runs a task on the loop after the moment in which commits gather
   */
  public Batcher(SessionTree tree, Consumer<Runnable> later) {
    this.tree = tree;
    this.later = later;
  }

  /** Commits, soon. */
  public void commit(List<WriteOp> changes, Consumer<Answer<List<Stamp>>> reply) {
    waiting.add(new Commit(changes, reply));
    if (waiting.size() >= SHARED) {
      send();
    } else if (!gathering) {
      gathering = true;
      later.accept(() -> {
        gathering = false;
        send();
      });
    }
  }

  /** Returns whether no change is waiting or in flight. */
  public boolean isEmpty() {
    return waiting.isEmpty() && underWay == 0;
  }

  private void send() {
    if (sending) {
      return; // an answer that came at once: the loop below goes on
    }
    sending = true;
    while (underWay < UNDER_WAY && !waiting.isEmpty()) {
      List<Commit> shared = new ArrayList<>();
      while (shared.size() < SHARED && !waiting.isEmpty()) {
        shared.add(waiting.remove());
      }
      send(shared);
    }
    sending = false;
  }

  private void send(List<Commit> shared) {
    underWay++;
    List<WriteOp> all =
        shared.stream().flatMap(commit -> commit.changes.stream()).toList();
    tree.commit(all, answer -> {
      underWay--;
      try {
        if (answer.isOk() || shared.size() == 1 || !answer.isAnswered()) {
          tell(shared, answer);
        } else {
          split(shared, answer);
        }
      } finally {
        send();
      }
    });
  }

  /** Answers the commit that was refused, and sends those before it and those after it again; each alone if it is unknown. */
  private void split(List<Commit> shared, Answer<List<Stamp>> answer) {
    List<Stamp> before = answer.value();
    if (before == null) {
      shared.forEach(commit -> send(List.of(commit)));
      return;
    }
    int refused = 0;
    for (int changes = shared.get(0).changes.size();
        changes <= before.size();
        changes += shared.get(refused).changes.size()) {
      refused++;
    }
    resend(shared.subList(0, refused));
    resend(shared.subList(refused + 1, shared.size()));
    shared.get(refused).reply.accept(answer);
  }

  private void resend(List<Commit> rest) {
    if (!rest.isEmpty()) {
      send(List.copyOf(rest));
    }
  }

  /** Tells all, also when some of them cannot bear it; throws what the first of those threw, with the others in it. */
  private static void tell(List<Commit> shared, Answer<List<Stamp>> answer) {
    int from = 0;
    RuntimeException thrown = null;
    for (Commit commit : shared) {
      int to = from + commit.changes.size();
      try {
        commit.reply.accept(
            answer.isOk() ? Answer.ok(List.copyOf(answer.get().subList(from, to))) : answer);
      } catch (RuntimeException e) {
        if (thrown == null) {
          thrown = e;
        } else if (thrown != e) {
          thrown.addSuppressed(e);
        }
      }
      from = to;
    }
    if (thrown != null) {
      throw thrown;
    }
  }
}
