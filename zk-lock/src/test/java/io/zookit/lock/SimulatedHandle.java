package io.zookit.lock;

import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.SimulatedRequest.Interest;
import io.zookit.lock.SimulatedSession.Phase;
import io.zookit.lock.SimulatedWatches.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.CreateOptions;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** A simulated session as the engines see it. */
final class SimulatedHandle implements SessionHandle {

  private static final Answer<Object> NO_NODE = Answer.of(Code.NONODE);

  private final SimulatedClient client;
  private final VirtualTime time;
  private SimulatedSession session;

  SimulatedHandle(SimulatedClient client, SimulatedSession session) {
    this.client = client;
    this.time = client.time();
    this.session = session;
  }

  SimulatedSession session() {
    return session;
  }

  /** What must never happen: the handle goes on with another session. */
  void swap(SimulatedSession other) {
    session = other;
  }

  @Override
  public boolean isConnected() {
    return session.phase() == Phase.CONNECTED;
  }

  @Override
  public boolean isOver() {
    return session.phase() == Phase.OVER;
  }

  @Override
  public boolean isSafe() {
    return isConnected() && (remaining() > 0 || client.mutation() == Mutation.DEADLINE_IGNORED);
  }

  @Override
  public long remaining() {
    return session.deadline() - time.nanos();
  }

  @Override
  public Duration timeout() {
    return Duration.ofNanos(session.timeout());
  }

  @Override
  public boolean owns(Stat stat) {
    return stat.getEphemeralOwner() == session.id();
  }

  @Override
  public void create(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Created>> reply) {
    Op create =
        Op.create(path.value(), data, CreateOptions.newBuilder(acl, mode).build());
    write(
        create,
        OpResult.CreateResult.class,
        reply,
        made -> new Created(new ZkPath(made.getPath()), made.getStat()));
  }

  @Override
  public void createFolder(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Boolean>> reply) {
    write(Op.create(path.value(), data, acl, mode), OpResult.class, reply, made -> true);
  }

  @Override
  public void delete(ZkPath path, int version, Consumer<Answer<Boolean>> reply) {
    boolean forgiven = client.mutation() == Mutation.DEBTS_FORGIVEN;
    write(
        Op.delete(path.value(), version),
        OpResult.class,
        forgiven ? answer -> reply.accept(Answer.ok(true)) : reply,
        gone -> true);
  }

  @Override
  public void setData(ZkPath path, byte[] data, int version, Consumer<Answer<Stat>> reply) {
    write(
        Op.setData(path.value(), data, version),
        OpResult.SetDataResult.class,
        reply,
        OpResult.SetDataResult::getStat);
  }

  @Override
  public void getAcl(ZkPath path, Consumer<Answer<AccessList>> reply) {
    throw new UnsupportedOperationException("locks read no access lists");
  }

  @Override
  public void setAcl(ZkPath path, List<ACL> acl, Consumer<Answer<Boolean>> reply) {
    throw new UnsupportedOperationException("locks change no access lists");
  }

  private <R extends OpResult, T> void write(
      Op operation, Class<R> kind, Consumer<Answer<T>> reply, Function<R, T> result) {
    session.send(SimulatedRequest.write(List.of(operation), answer -> {
      T value = answer.isOk() ? result.apply(kind.cast(((List<?>) answer.get()).get(0))) : null;
      reply.accept(new Answer<>(answer.code(), value, answer.sent()));
    }));
  }

  @Override
  public void getData(
      ZkPath path, @Nullable Watcher watch, Consumer<Answer<SessionHandle.Node>> reply) {
    read(path, Kind.DATA, watch, reply, node -> new SessionHandle.Node(node.data, node.stat()));
  }

  @Override
  public void exists(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Stat>> reply) {
    read(path, Kind.EXISTS, watch, reply, SimulatedNode::stat);
  }

  @Override
  public void list(ZkPath path, Consumer<Answer<List<String>>> reply) {
    read(path, Kind.CHILDREN, null, reply, this::names);
  }

  @Override
  public void getChildren(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Children>> reply) {
    read(path, Kind.CHILDREN, watch, reply, node -> new Children(names(node), node.stat()));
  }

  private <T> void read(
      ZkPath path,
      Kind kind,
      @Nullable Watcher watch,
      Consumer<Answer<T>> reply,
      Function<SimulatedNode, T> result) {
    SimulatedRequest.Read read = (server, from) -> {
      SimulatedNode node = server.tree().find(path.value());
      if (watch != null && (node != null || kind == Kind.EXISTS)) {
        server.watches().add(kind == Kind.EXISTS ? Kind.DATA : kind, path.value(), from);
      }
      return node == null ? NO_NODE : Answer.ok(result.apply(node));
    };
    session.send(SimulatedRequest.read(new Interest(path.value(), kind, watch), read, as(reply)));
  }

  /** A server lists children in no order. */
  private List<String> names(SimulatedNode node) {
    List<String> names = new ArrayList<>(node.children);
    Collections.shuffle(names, time.random());
    return names;
  }

  @Override
  public void multi(List<Op> operations, Consumer<Answer<List<OpResult>>> reply) {
    if (operations.get(0).getKind() != Op.OpKind.READ) {
      session.send(SimulatedRequest.write(operations, as(reply)));
      return;
    }
    SimulatedRequest.Read read = (server, from) -> {
      List<OpResult> results = new ArrayList<>();
      operations.forEach(operation -> results.add(readOne(server, operation)));
      return Answer.ok(results);
    };
    session.send(SimulatedRequest.read(null, read, as(reply)));
  }

  private OpResult readOne(SimulatedServer server, Op operation) {
    SimulatedNode node = server.tree().find(operation.getPath());
    if (node == null) {
      return new OpResult.ErrorResult(Code.NONODE.intValue());
    }
    return operation.getType() == OpCode.getChildren
        ? new OpResult.GetChildrenResult(names(node))
        : new OpResult.GetDataResult(node.data, node.stat());
  }

  @Override
  public void sync(ZkPath path, Consumer<Answer<Boolean>> reply) {
    if (client.mutation() == Mutation.SYNC_SKIPPED) {
      session.send(SimulatedRequest.read(null, (server, from) -> Answer.ok(true), as(reply)));
    } else {
      session.send(SimulatedRequest.sync(as(reply)));
    }
  }

  @Override
  public void getEphemerals(Consumer<Answer<Set<ZkPath>>> reply) {
    SimulatedRequest.Read read = (server, from) -> {
      Set<ZkPath> paths = new LinkedHashSet<>();
      server.tree().ephemerals(session.id()).forEach(path -> paths.add(new ZkPath(path)));
      return Answer.ok(paths);
    };
    session.send(SimulatedRequest.read(null, read, answer -> {
      boolean hidden = client.mutation() == Mutation.OWN_NODES_UNKNOWN;
      SimulatedHandle.<Set<ZkPath>>as(reply)
          .accept(answer.isOk() && hidden ? Answer.ok(Set.of()) : answer);
    }));
  }

  @Override
  public void addWatch(
      ZkPath path, Watcher watch, AddWatchMode mode, Consumer<Answer<Boolean>> reply) {
    throw new UnsupportedOperationException("the model has no persistent watches");
  }

  @Override
  public void removeAllWatches(
      ZkPath path, Watcher.WatcherType kind, Consumer<Answer<Boolean>> reply) {
    Kind removed = kind == Watcher.WatcherType.Children ? Kind.CHILDREN : Kind.DATA;
    SimulatedRequest.Read remove = (server, from) -> {
      if (client.mutation() != Mutation.WATCHES_LEFT) {
        server.watches().remove(removed, path.value(), from);
      }
      return Answer.ok(true);
    };
    session.send(
        SimulatedRequest.unwatch(new Interest(path.value(), removed, null), remove, as(reply)));
  }

  @Override
  public Watcher watcher(Consumer<WatchedEvent> heard) {
    return event -> {
      if (event.getType() != EventType.None) {
        client.run(() -> heard.accept(event));
      }
    };
  }

  @SuppressWarnings("unchecked")
  private static <T> Consumer<Answer<Object>> as(Consumer<Answer<T>> reply) {
    return answer -> reply.accept((Answer<T>) (Answer<?>) answer);
  }
}
