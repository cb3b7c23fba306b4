package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.AsyncCallback.StringCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** A plain ZooKeeper handle behind the interface of the modules; it adds nothing and decides nothing. */
final class PlainSession implements SessionHandle, AutoCloseable {

  private static final int TIMEOUT_MILLIS = 60_000;

  private final ZooKeeper zooKeeper;

  private PlainSession(ZooKeeper zooKeeper) {
    this.zooKeeper = zooKeeper;
  }

  static PlainSession connect(String connectString, long patienceSeconds) {
    CountDownLatch connected = new CountDownLatch(1);
    try {
      ZooKeeper zooKeeper = new ZooKeeper(connectString, TIMEOUT_MILLIS, event -> {
        if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
          connected.countDown();
        }
      });
      if (!connected.await(patienceSeconds, TimeUnit.SECONDS)) {
        throw new AssertionError("not connected to " + connectString);
      }
      return new PlainSession(zooKeeper);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  long id() {
    return zooKeeper.getSessionId();
  }

  private static <T> Answer<T> answer(int rc, @Nullable T value) {
    Code code = Objects.requireNonNull(Code.get(rc));
    return new Answer<>(code, rc == 0 ? value : null, true);
  }

  @Override
  public boolean isConnected() {
    return zooKeeper.getState() == ZooKeeper.States.CONNECTED;
  }

  @Override
  public boolean isOver() {
    return !zooKeeper.getState().isAlive();
  }

  @Override
  public boolean isSafe() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long remaining() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Duration timeout() {
    return Duration.ofMillis(zooKeeper.getSessionTimeout());
  }

  @Override
  public boolean owns(Stat stat) {
    return stat.getEphemeralOwner() == id();
  }

  @Override
  public void create(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Created>> reply) {
    zooKeeper.create(
        path.value(),
        data,
        acl,
        mode,
        (rc, asked, context, made, stat) ->
            reply.accept(answer(rc, rc == 0 ? new Created(new ZkPath(made), stat) : null)),
        null);
  }

  @Override
  public void createFolder(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Boolean>> reply) {
    StringCallback made = (rc, asked, context, name) -> reply.accept(answer(rc, true));
    zooKeeper.create(path.value(), data, acl, mode, made, null);
  }

  @Override
  public void delete(ZkPath path, int version, Consumer<Answer<Boolean>> reply) {
    zooKeeper.delete(
        path.value(), version, (rc, asked, context) -> reply.accept(answer(rc, true)), null);
  }

  @Override
  public void setData(ZkPath path, byte[] data, int version, Consumer<Answer<Stat>> reply) {
    zooKeeper.setData(
        path.value(),
        data,
        version,
        (rc, asked, context, stat) -> reply.accept(answer(rc, stat)),
        null);
  }

  @Override
  public void getData(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Node>> reply) {
    zooKeeper.getData(
        path.value(),
        watch,
        (rc, asked, context, data, stat) ->
            reply.accept(answer(rc, rc == 0 ? new Node(data, stat) : null)),
        null);
  }

  @Override
  public void exists(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Stat>> reply) {
    zooKeeper.exists(
        path.value(), watch, (rc, asked, context, stat) -> reply.accept(answer(rc, stat)), null);
  }

  @Override
  public void list(ZkPath path, Consumer<Answer<List<String>>> reply) {
    zooKeeper.getChildren(
        path.value(),
        null,
        (int rc, String asked, Object context, List<String> names) ->
            reply.accept(answer(rc, names)),
        null);
  }

  @Override
  public void getChildren(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Children>> reply) {
    zooKeeper.getChildren(
        path.value(),
        watch,
        (rc, asked, context, names, stat) ->
            reply.accept(answer(rc, rc == 0 ? new Children(names, stat) : null)),
        null);
  }

  @Override
  public void getAcl(ZkPath path, Consumer<Answer<AccessList>> reply) {
    zooKeeper.getACL(
        path.value(),
        new Stat(),
        (rc, asked, context, acl, stat) ->
            reply.accept(answer(rc, rc == 0 ? new AccessList(acl, stat) : null)),
        null);
  }

  @Override
  public void setAcl(ZkPath path, List<ACL> acl, Consumer<Answer<Boolean>> reply) {
    zooKeeper.setACL(
        path.value(), acl, -1, (rc, asked, context, stat) -> reply.accept(answer(rc, true)), null);
  }

  @Override
  public void multi(List<Op> operations, Consumer<Answer<List<OpResult>>> reply) {
    boolean reads = operations.get(0).getKind() == Op.OpKind.READ;
    zooKeeper.multi(
        operations,
        (rc, asked, context, results) -> {
          // The library makes the first missing node the code of all reads.
          boolean ok = rc == 0 || (reads && results != null && !results.isEmpty());
          Code code = ok ? Code.OK : Objects.requireNonNull(Code.get(rc));
          reply.accept(new Answer<>(code, results, true));
        },
        null);
  }

  @Override
  public void sync(ZkPath path, Consumer<Answer<Boolean>> reply) {
    zooKeeper.sync(path.value(), (rc, asked, context) -> reply.accept(answer(rc, true)), null);
  }

  @Override
  public void getEphemerals(Consumer<Answer<Set<ZkPath>>> reply) {
    zooKeeper.getEphemerals(
        "/",
        (rc, context, paths) -> reply.accept(answer(
            rc, rc == 0 ? paths.stream().map(ZkPath::new).collect(Collectors.toSet()) : null)),
        null);
  }

  @Override
  public void addWatch(
      ZkPath path, Watcher watch, AddWatchMode mode, Consumer<Answer<Boolean>> reply) {
    zooKeeper.addWatch(
        path.value(), watch, mode, (rc, asked, context) -> reply.accept(answer(rc, true)), null);
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public void removeWatch(
      ZkPath path, Watcher.WatcherType kind, Watcher watcher, Consumer<Answer<Boolean>> reply) {
    zooKeeper.removeAllWatches(
        path.value(), kind, true, (rc, asked, context) -> reply.accept(answer(rc, true)), null);
  }

  @Override
  public Watcher watcher(Consumer<WatchedEvent> heard) {
    return heard::accept;
  }

  @Override
  public void close() {
    try {
      zooKeeper.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
