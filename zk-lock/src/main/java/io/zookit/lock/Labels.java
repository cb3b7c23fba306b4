package io.zookit.lock;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** What the candidates in a queue are called. */
final class Labels {

  private Labels() {}

  /** Whether one of these requests is a candidate of that label; one request, or none for nobody. On the loop. */
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
    List<Op> reads =
        among.stream().map(entry -> Op.getData(queue.node(entry).value())).toList();
    handle.multi(reads, read -> {
      List<OpResult> results = read.value();
      if (results == null) {
        found.accept(new Answer<>(read.code(), null, read.sent()));
      } else {
        found.accept(Answer.ok(results.stream()
            .anyMatch(result -> result instanceof OpResult.GetDataResult data
                && OwnerRecord.read(data.getData())
                    .map(OwnerRecord::label)
                    .filter(label::equals)
                    .isPresent())));
      }
    });
  }
}
