package io.zookit.lock.inspect;

import io.zookit.core.ZkException;
import io.zookit.core.internal.audit.AuditWriter;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.OwnerRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

/**
 * Changes one queue node that was seen before, and never another: its name is never used again, and it must still be the
 * work of the same transaction. Its owner may write to it at the same time. Used on the loop.
 */
final class NodeChange {

  private static final int MOST_TRIES = 16;

  /** A change of the node, in the version it has. */
  interface Step {

    /**
     * Sends it.
     *
     * @throws ZkException if it can not be done to a node like this
     */
    void send(SessionHandle.Node now, Consumer<Answer<?>> reply);
  }

  private final SessionHandle handle;
  private final ZkPath node;
  private final long czxid;
  private final Step step;
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();

  private NodeChange(SessionHandle handle, ZkPath node, long czxid, Step step) {
    this.handle = handle;
    this.node = node;
    this.czxid = czxid;
    this.step = step;
  }

  /** Deletes the node on behalf of its owner, which its watch notifies; the audit has it. */
  static CompletableFuture<Boolean> delete(
      SessionHandle handle, ZkPath node, long czxid, AuditWriter audit, AuditedChange change) {
    return new NodeChange(
            handle,
            node,
            czxid,
            (now, reply) -> audit.commit(
                handle,
                change,
                List.of(Op.delete(node.value(), now.stat().getVersion())),
                reply::accept))
        .begin();
  }

  /** Marks the node as revoked; its owner is notified by its watch, and the audit has it. */
  static CompletableFuture<Boolean> revoke(
      SessionHandle handle,
      ZkPath node,
      long czxid,
      String reason,
      AuditWriter audit,
      AuditedChange change) {
    return new NodeChange(handle, node, czxid, (now, reply) -> {
          OwnerRecord record = OwnerRecord.read(now.data())
              .orElseThrow(() -> new ZkException(
                  node + ": its owner's version writes it in a way that this one cannot read;"
                      + " it was not asked"));
          byte[] data = record.withRevoke(reason).encoded();
          audit.commit(
              handle,
              change,
              List.of(Op.setData(node.value(), data, now.stat().getVersion())),
              reply::accept);
        })
        .begin();
  }

  /** Starts the change; false if the node is gone, because its owner released it. */
  private CompletableFuture<Boolean> begin() {
    look(1);
    return done;
  }

  private void look(int tries) {
    handle.getData(node, null, read -> {
      if (read.code() == Code.NONODE || (read.isOk() && read.get().stat().getCzxid() != czxid)) {
        done.complete(false);
      } else if (!read.isOk()) {
        done.completeExceptionally(QueueReader.notRead(read.code(), node));
      } else {
        change(read.get(), tries);
      }
    });
  }

  private void change(SessionHandle.Node now, int tries) {
    try {
      step.send(now, changed -> {
        if (changed.code() == Code.BADVERSION && tries < MOST_TRIES) {
          look(tries + 1);
        } else if (changed.isOk() || changed.code() == Code.NONODE) {
          done.complete(changed.isOk());
        } else {
          done.completeExceptionally(KeeperErrors.of(changed.code(), node));
        }
      });
    } catch (ZkException e) {
      done.completeExceptionally(e);
    }
  }
}
