package io.zookit.scheduler.internal.zk;

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
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
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
  public void follow(ZkPath path, Runnable changed) {
    follow(path, changed, false);
  }

  /** A watch that did not outlive a reconnect is set again. */
  private void follow(ZkPath path, Runnable changed, boolean again) {
    Watcher watcher = handle.watcher(event -> {
      if (event.getType() == EventType.DataWatchRemoved) {
        follow(path, changed, true);
      } else {
        changed.run();
      }
    });
    follow(path, watcher, changed, again);
  }

  /**
   * Sets a watch. A watch whose response was lost is not set again by the next connection, so it is requested until
   * there is a response; changes in the meantime went unnoticed, so {@code changed} is then run.
   */
  private void follow(ZkPath path, Watcher watcher, Runnable changed, boolean again) {
    handle.addWatch(path, watcher, AddWatchMode.PERSISTENT, added -> {
      if (added.isOk() && again) {
        changed.run();
      } else if (!added.isAnswered() && !handle.isOver()) {
        Runnable next = () -> follow(path, watcher, changed, true);
        client.timekeeper().after(RETRY, () -> client.loop().execute(next));
      } else if (added.isAnswered() && !added.isOk()) {
        log.error("{}: cannot be watched ({}), changes are seen late", path, added.code());
      }
    });
  }
}
