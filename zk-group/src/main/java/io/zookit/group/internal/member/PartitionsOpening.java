package io.zookit.group.internal.member;

import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.GroupMismatchException;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupReads;
import io.zookit.group.internal.store.SpecRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * Opens the partitions of a group: reads their record, or creates it with the folders of its epoch. Doing so twice has no
 * effect.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class PartitionsOpening {

  private final GroupNodes nodes;
  private final SessionHandle handle;
  private final SpecRecord wanted;
  private final CompletableFuture<SpecRecord> done = new CompletableFuture<>();

  private PartitionsOpening(GroupNodes nodes, SessionHandle handle, SpecRecord wanted) {
    this.nodes = nodes;
    this.handle = handle;
    this.wanted = wanted;
  }

  /**
   * Opens them.
   *
   * @param wanted the record to create if there is none
   * @return the record as it is stored, completed on the loop; fails with {@link GroupMismatchException} if it has another
   *     number of partitions
   */
  static CompletableFuture<SpecRecord> open(
      GroupNodes nodes, SessionHandle handle, SpecRecord wanted) {
    PartitionsOpening opening = new PartitionsOpening(nodes, handle, wanted);
    opening.read();
    return opening.done;
  }

  private void read() {
    handle.sync(nodes.path(), synced -> {});
    new GroupReads(nodes, handle).spec(read -> {
      if (read.isOk()) {
        onRead(read.get().record());
      } else if (read.code() == Code.NONODE) {
        create();
      } else {
        done.completeExceptionally(KeeperErrors.of(read, nodes.spec()));
      }
    });
  }

  private void onRead(SpecRecord stored) {
    if (stored.count() == wanted.count()) {
      done.complete(stored);
    } else {
      done.completeExceptionally(new GroupMismatchException(nodes + ": " + wanted.count()
          + " partitions (expected: " + stored.count() + ", as stored)"));
    }
  }

  private void create() {
    List<Op> ops = nodes.createPartitions(wanted);
    CreateWithParents.<List<OpResult>>of(
            handle, nodes.folders(), reply -> handle.multi(ops, reply), this::onCreated)
        .missingIf(answer -> Multi.isRefusedAt(0, answer))
        .send();
  }

  private void onCreated(Answer<List<OpResult>> answer) {
    if (answer.isOk() || Multi.isRefusedAt(0, answer)) {
      read(); // created by this or another member
    } else {
      done.completeExceptionally(KeeperErrors.of(answer, nodes.spec()));
    }
  }
}
