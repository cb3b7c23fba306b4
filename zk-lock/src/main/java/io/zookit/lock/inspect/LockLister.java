package io.zookit.lock.inspect;

import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/** Finds the locks that have holders or waiters, by one walk through all folders. Used on the loop. */
final class LockLister {

  private static final int MOST_AT_A_TIME = 256;
  private static final String QUEUE = "~q";

  private final SessionHandle handle;
  private final ZkPath top;
  private final CompletableFuture<List<String>> done = new CompletableFuture<>();
  private final Set<String> found = new TreeSet<>();
  private final Deque<ZkPath> folders = new ArrayDeque<>();
  private @Nullable ZkException failure;
  private int open;

  private LockLister(SessionHandle handle, ZkPath top) {
    this.handle = handle;
    this.top = top;
  }

  /** Goes through what the leader has. */
  static CompletableFuture<List<String>> begin(LockEngine engine, SessionHandle handle) {
    ZkPath top = engine.client().rootPath().own("locks");
    LockLister walk = new LockLister(handle, top);
    handle.sync(top, synced -> {});
    walk.folders.add(top);
    walk.go();
    return walk.done;
  }

  private void go() {
    while (failure == null && open < MOST_AT_A_TIME && !folders.isEmpty()) {
      ZkPath folder = folders.remove();
      open++;
      handle.list(folder, listed -> {
        open--;
        onListed(folder, listed);
        go();
      });
    }
    if (open == 0 && failure != null) {
      done.completeExceptionally(failure);
    } else if (open == 0 && folders.isEmpty()) {
      done.complete(List.copyOf(found));
    }
  }

  private void onListed(ZkPath folder, Answer<List<String>> listed) {
    if (listed.code() == Code.NONODE) {
      return; // removed by ZooKeeper, because it is empty
    }
    if (!listed.isOk()) {
      failure = QueueReader.notRead(listed.code(), folder);
    } else if (folder.name().equals(QUEUE)) {
      if (!QueueEntry.inOrder(listed.get()).isEmpty()) {
        found.add(folder.parent().value().substring(top.value().length() + 1));
      }
    } else {
      listed.get().stream()
          .filter(child -> child.equals(QUEUE) || !child.startsWith("~"))
          .forEach(child -> folders.add(folder.own(child)));
    }
  }
}
