package io.zookit.lock.election;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import java.util.function.Consumer;

/** Looks up the candidates in a queue by their labels. */
final class CandidateLookup {

  private CandidateLookup() {}

  /**
   * Finds out if one of these requests is a candidate of a label; one request, none without candidates. On the loop.
   */
  static void find(
      SessionHandle handle,
      LockQueue queue,
      List<QueueEntry> among,
      String label,
      Consumer<Answer<Boolean>> found) {
    if (among.isEmpty()) {
      found.accept(Answer.ok(false));
      return;
    }
    Multi.readNodes(
        handle, among.stream().map(entry -> queue.node(entry).value()).toList(), nodes -> {
          Answer<SessionHandle.Node> lost =
              nodes.stream().filter(node -> !node.isAnswered()).findFirst().orElse(null);
          if (lost != null) {
            found.accept(new Answer<>(lost.code(), null, lost.sent()));
          } else {
            found.accept(Answer.ok(nodes.stream()
                .anyMatch(node -> node.isOk()
                    && OwnerRecord.read(node.get().data())
                        .map(OwnerRecord::label)
                        .filter(label::equals)
                        .isPresent())));
          }
        });
  }
}
