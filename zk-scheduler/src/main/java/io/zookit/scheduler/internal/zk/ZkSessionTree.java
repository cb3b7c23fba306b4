package io.zookit.scheduler.internal.zk;

import io.zookit.core.Subscription;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.CreateOptions;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tree of a real session. */
public record ZkSessionTree(CoreClient client, SessionHandle handle) implements SessionTree {

  private static final Logger log = LoggerFactory.getLogger(ZkSessionTree.class);
  private static final byte[] NO_DATA = {};
  private static final Duration RETRY = Duration.ofMillis(300);
  private static final Stamp NONE = new Stamp(-1, 0, 0);

  @Override
  public boolean isConnected() {
    return handle.isConnected();
  }

  @Override
  public boolean isSafe() {
    return handle.isSafe();
  }

  @Override
  public boolean isOver() {
    return handle.isOver();
  }

  @Override
  public long remaining() {
    return handle.remaining();
  }

  @Override
  public void read(List<ZkPath> paths, Consumer<Answer<List<Found>>> reply) {
    List<Op> reads = paths.stream().map(path -> Op.getData(path.value())).toList();
    handle.multi(
        reads,
        answer -> reply.accept(
            answer.isOk()
                ? found(answer.get())
                : new Answer<>(answer.code(), null, answer.sent())));
  }

  private Answer<List<Found>> found(List<OpResult> results) {
    List<Found> all = new ArrayList<>(results.size());
    for (OpResult result : results) {
      if (result instanceof OpResult.GetDataResult read) {
        Stat stat = read.getStat();
        byte[] data = read.getData() == null ? NO_DATA : read.getData();
        all.add(new Found(
            true,
            data,
            stat.getVersion(),
            stat.getNumChildren(),
            stat.getCzxid(),
            stat.getMtime(),
            handle.owns(stat)));
      } else if (result instanceof OpResult.ErrorResult error
          && error.getErr() == Code.NONODE.intValue()) {
        all.add(Found.ABSENT);
      } else {
        return Answer.of(
            result instanceof OpResult.ErrorResult error
                ? Code.get(error.getErr())
                : Code.SYSTEMERROR);
      }
    }
    return Answer.ok(all);
  }

  @Override
  public void list(ZkPath path, Consumer<Answer<List<String>>> reply) {
    handle.list(path, reply);
  }

  @Override
  public void sync() {
    handle.sync(client.rootPath(), synced -> {});
  }

  @Override
  public void commit(List<WriteOp> changes, Consumer<Answer<List<Stamp>>> reply) {
    handle.multi(operations(changes), answer -> reply.accept(stamps(answer)));
  }

  /** Commits changes of an operator together with their audit entry. */
  public void commit(
      List<WriteOp> changes, AuditedChange audited, Consumer<Answer<List<Stamp>>> reply) {
    client
        .audit()
        .commit(handle, audited, operations(changes), answer -> reply.accept(stamps(answer)));
  }

  private List<Op> operations(List<WriteOp> changes) {
    return changes.stream().map(this::operation).toList();
  }

  private static Answer<List<Stamp>> stamps(Answer<List<OpResult>> answer) {
    return answer.isOk()
        ? Answer.ok(answer.get().stream().map(ZkSessionTree::stamp).toList())
        : new Answer<>(answer.code(), beforeRefused(answer.value()), answer.sent());
  }

  private static @Nullable List<Stamp> beforeRefused(@Nullable List<OpResult> results) {
    if (results == null) {
      return null;
    }
    List<Stamp> before = new ArrayList<>();
    for (OpResult result : results) {
      if (result instanceof OpResult.ErrorResult error && error.getErr() != Code.OK.intValue()) {
        return before;
      }
      before.add(NONE);
    }
    return null;
  }

  private Op operation(WriteOp change) {
    if (change instanceof WriteOp.Check check) {
      return Op.check(check.path().value(), check.version());
    }
    if (change instanceof WriteOp.Put put) {
      return Op.setData(put.path().value(), put.data(), put.version());
    }
    if (change instanceof WriteOp.Make make) {
      CreateMode mode = make.ephemeral() ? CreateMode.EPHEMERAL : CreateMode.PERSISTENT;
      CreateOptions options =
          CreateOptions.newBuilder(client.acl(make.path()), mode).build();
      return Op.create(make.path().value(), make.data(), options);
    }
    WriteOp.Drop drop = (WriteOp.Drop) change;
    return Op.delete(drop.path().value(), drop.version());
  }

  private static Stamp stamp(OpResult result) {
    if (result instanceof OpResult.SetDataResult set) {
      return stamp(set.getStat());
    }
    if (result instanceof OpResult.CreateResult created && created.getStat() != null) {
      return stamp(created.getStat());
    }
    return NONE;
  }

  private static Stamp stamp(Stat stat) {
    return new Stamp(stat.getVersion(), stat.getMzxid(), stat.getMtime());
  }

  @Override
  public void ensure(List<ZkPath> folders, Consumer<Answer<Boolean>> reply) {
    io.zookit.core.internal.node.Folders chain = io.zookit.core.internal.node.Folders.root(client);
    for (ZkPath folder : folders) {
      chain = chain.persistent(client, folder);
    }
    chain.ensure(handle, reply);
  }

  @Override
  public Subscription follow(ZkPath path, Runnable changed) {
    FollowedPath followed = new FollowedPath(path, changed);
    followed.set(false);
    return followed;
  }

  /**
   * A persistent watch on a node. It is set again if it did not outlive a reconnect, or if it was removed together with
   * the watch of another node of this process in the same session. Confined to the loop.
   */
  private final class FollowedPath implements Subscription {

    private final ZkPath path;
    private final Runnable changed;
    private final Watcher watcher;
    private boolean closed;

    FollowedPath(ZkPath path, Runnable changed) {
      this.path = path;
      this.changed = changed;
      this.watcher = handle.watcher(this::onEvent);
    }

    private void onEvent(WatchedEvent event) {
      if (closed) {
        return;
      }
      switch (event.getType()) {
        case DataWatchRemoved, ChildWatchRemoved, PersistentWatchRemoved -> set(true);
        default -> changed.run();
      }
    }

    /**
     * Sets the watch. A watch whose response was lost is not set again by the next connection, so it is requested until
     * there is a response; changes in the meantime went unnoticed, so {@code changed} is then run.
     */
    private void set(boolean again) {
      handle.addWatch(path, watcher, AddWatchMode.PERSISTENT, added -> {
        if (closed) {
          remove();
        } else if (added.isOk() && again) {
          changed.run();
        } else if (!added.isAnswered() && !handle.isOver()) {
          client.timekeeper().after(RETRY, () -> client.loop().execute(this::setAgain));
        } else if (added.isAnswered() && !added.isOk()) {
          log.error("{}: cannot be watched ({}), changes are seen late", path, added.code());
        }
      });
    }

    private void setAgain() {
      if (!closed) {
        set(true);
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        remove();
      }
    }

    /** Of any kind: servers before 3.9 know no other. */
    private void remove() {
      handle.removeWatch(path, WatcherType.Any, watcher, removed -> {});
    }
  }
}
