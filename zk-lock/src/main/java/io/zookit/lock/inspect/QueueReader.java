package io.zookit.lock.inspect;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.LockStateNode;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Reads a queue once: its list, then all nodes in one flight. Requests that leave in between are omitted. Used on the
 * loop.
 */
final class QueueReader {

  private final LockQueue queue;
  private final SessionHandle handle;
  private final CompletableFuture<QueueSnapshot> done = new CompletableFuture<>();
  private final Map<Integer, QueueSnapshot.SeenNode> nodes = new TreeMap<>();
  private Optional<QueueSnapshot.SeenMaximum> maximum = Optional.empty();
  private @Nullable ZkException failure;
  private int open;

  private QueueReader(LockQueue queue, SessionHandle handle) {
    this.queue = queue;
    this.handle = handle;
  }

  /** Reads what the leader has. */
  static CompletableFuture<QueueSnapshot> read(
      LockEngine engine, LockQueue queue, SessionHandle handle) {
    QueueReader reading = new QueueReader(queue, handle);
    reading.begin(new LockStateNode(engine.client(), queue.name()).path());
    return reading.done;
  }

  private void begin(ZkPath state) {
    handle.sync(queue.path(), synced -> {});
    open = 2;
    handle.getData(state, null, read -> {
      if (isThere(read, state)) {
        maximum = QueueSnapshot.SeenMaximum.of(read.get());
      }
      end();
    });
    handle.list(queue.path(), listed -> {
      if (isThere(listed, queue.path())) {
        readNodes(QueueEntry.inOrder(listed.get()));
      }
      end();
    });
  }

  private void readNodes(List<QueueEntry> entries) {
    for (int i = 0; i < entries.size(); i++) {
      int place = i;
      QueueEntry entry = entries.get(i);
      open++;
      handle.getData(queue.node(entry), null, read -> {
        if (isThere(read, queue.node(entry))) {
          nodes.put(place, QueueSnapshot.SeenNode.of(entry, read.get()));
        }
        end();
      });
    }
  }

  private boolean isThere(Answer<?> answer, ZkPath path) {
    if (!answer.isOk() && answer.code() != Code.NONODE) {
      failure = notRead(answer.code(), path);
    }
    return answer.isOk();
  }

  /** Returns the exception for a failed read, which has no effect. */
  static ZkException notRead(Code code, ZkPath path) {
    return Answer.of(code).isAnswered()
        ? KeeperErrors.of(code, path)
        : new ZkUnavailableException(
            path + ": no answer from ZooKeeper (" + code + "); nothing was changed");
  }

  private void end() {
    open--;
    if (open > 0) {
      return;
    }
    if (failure == null) {
      done.complete(new QueueSnapshot(queue.name(), List.copyOf(nodes.values()), maximum));
    } else {
      done.completeExceptionally(failure);
    }
  }
}
