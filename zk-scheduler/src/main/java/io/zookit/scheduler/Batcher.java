package io.zookit.scheduler;

import io.zookit.core.internal.Answer;
import io.zookit.scheduler.Tree.Change;
import io.zookit.scheduler.Tree.Stamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends commits, and lets those share a transaction that come while others are under way.
 *
 * <p>A shared transaction that is refused is sent again as single ones, so each commit gets its own answer. Lives on the
 * loop, for one session.
 */
final class Batcher {

  private static final int UNDER_WAY = 4;
  private static final int SHARED = 24;

  private final Tree tree;
  private final Deque<Commit> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean sending;

  private record Commit(List<Change> changes, Consumer<Answer<List<Stamp>>> reply) {}

  Batcher(Tree tree) {
    this.tree = tree;
  }

  /** Commits, soon. */
  void commit(List<Change> changes, Consumer<Answer<List<Stamp>>> reply) {
    waiting.add(new Commit(changes, reply));
    send();
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
    List<Change> all =
        shared.stream().flatMap(commit -> commit.changes.stream()).toList();
    tree.commit(all, answer -> {
      underWay--;
      if (answer.isOk() || shared.size() == 1 || !answer.isAnswered()) {
        tell(shared, answer);
      } else {
        shared.forEach(commit -> send(List.of(commit)));
      }
      send();
    });
  }

  private static void tell(List<Commit> shared, Answer<List<Stamp>> answer) {
    int from = 0;
    for (Commit commit : shared) {
      int to = from + commit.changes.size();
      commit.reply.accept(
          answer.isOk() ? Answer.ok(List.copyOf(answer.get().subList(from, to))) : answer);
      from = to;
    }
  }
}
