package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.testkit.internal.sim.SimulatedRequest.WatchInterest;
import io.zookit.testkit.internal.sim.WatchTable.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

/** A session as the engines of one client see it: what may be sent, what was answered, and the deadline. */
public final class SimulatedHandle implements SessionHandle {

  private enum Phase {
    CONNECTED,
    DISCONNECTED,
    OVER
  }

  private static final Answer<Object> NO_NODE = Answer.of(Code.NONODE);

  private final SimulatedClient client;
  private final SimulatedEnsemble ensemble;
  private final VirtualTime time;
  private SimulatedSession session;
  private Phase phase = Phase.DISCONNECTED;
  private long newestAnsweredSend;
  private long believedSend;

  /** Answers that are given once more: {@link Defect#READS_REPEATED}. */
  private final Map<ZkPath, Answer<SessionHandle.Node>> repeated = new HashMap<>();

  SimulatedHandle(SimulatedClient client, SimulatedSession session) {
    this.client = client;
    this.ensemble = client.ensemble();
    this.time = ensemble.time();
    this.session = session;
    this.newestAnsweredSend = time.nanos() - session.timeout();
    this.believedSend = newestAnsweredSend;
  }

  SimulatedSession session() {
    return session;
  }

  /** The id of the session. */
  public long sessionId() {
    return session.id();
  }

  /** Goes on with another session, which must never happen: {@link Defect#SESSIONS_SWAPPED_SILENTLY}. */
  void swap(SimulatedSession other) {
    session = other;
    newestAnsweredSend = time.nanos() - other.timeout();
    believedSend = newestAnsweredSend;
  }

  void toConnected() {
    phase = Phase.CONNECTED;
  }

  void toDisconnected() {
    phase = Phase.DISCONNECTED;
  }

  void toOver() {
    phase = Phase.OVER;
  }

  @Override
  public boolean isConnected() {
    return phase == Phase.CONNECTED;
  }

  @Override
  public boolean isOver() {
    return phase == Phase.OVER;
  }

  @Override
  public boolean isSafe() {
    return isConnected() && (remaining() > 0 || ensemble.has(Defect.DEADLINE_IGNORED));
  }

  @Override
  public long remaining() {
    return believedSend + session.timeout() - time.nanos();
  }

  /** {@link #isSafe} by what was really answered, also with a {@link Defect}. */
  public boolean isReallySafe() {
    return isConnected() && newestAnsweredSend + session.timeout() - time.nanos() > 0;
  }

  boolean isQuietFor(long nanos) {
    return time.nanos() - believedSend >= nanos;
  }

  @Override
  public Duration timeout() {
    return Duration.ofNanos(session.timeout());
  }

  @Override
  public boolean owns(Stat stat) {
    return stat.getEphemeralOwner() == session.id();
  }

  // Writes.

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
    boolean confirmed = ensemble.has(Defect.LOST_DELETES_CONFIRMED);
    write(
        Op.delete(path.value(), version),
        OpResult.class,
        confirmed ? answer -> reply.accept(Answer.ok(true)) : reply,
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
  public void setAcl(ZkPath path, List<ACL> acl, Consumer<Answer<Boolean>> reply) {
    send(
        reply,
        false,
        each -> SimulatedRequest.setAcl(
            path.value(),
            acl,
            -1,
            answer -> each.accept(answer.isOk() ? Answer.ok(true) : Answer.of(answer.code()))));
  }

  private <R extends OpResult, T> void write(
      Op operation, Class<R> kind, Consumer<Answer<T>> reply, Function<R, T> result) {
    send(
        reply,
        false,
        each -> SimulatedRequest.write(List.of(operation), answer -> {
          if (answer.isOk()) {
            T value = result.apply(kind.cast(((List<?>) answer.get()).get(0)));
            each.accept(new Answer<>(Code.OK, value, true));
          } else {
            each.accept(new Answer<>(answer.code(), null, answer.sent()));
          }
        }));
  }

  // Reads.

  @Override
  public void getData(
      ZkPath path, @Nullable Watcher watch, Consumer<Answer<SessionHandle.Node>> reply) {
    Answer<SessionHandle.Node> before = watch == null ? repeated.remove(path) : null;
    read(
        path,
        Kind.DATA,
        watch,
        before == null ? remembering(path, watch, reply) : answer -> reply.accept(before),
        node -> new SessionHandle.Node(node.data, node.stat()));
  }

  private Consumer<Answer<SessionHandle.Node>> remembering(
      ZkPath path, @Nullable Watcher watch, Consumer<Answer<SessionHandle.Node>> reply) {
    return watch != null || !ensemble.has(Defect.READS_REPEATED)
        ? reply
        : answer -> {
          if (answer.isAnswered()) {
            repeated.put(path, answer);
          }
          reply.accept(answer);
        };
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

  @Override
  public void getAcl(ZkPath path, Consumer<Answer<AccessList>> reply) {
    read(path, Kind.DATA, null, reply, node -> new AccessList(node.acl, node.stat()));
  }

  private <T> void read(
      ZkPath path,
      Kind kind,
      @Nullable Watcher watch,
      Consumer<Answer<T>> reply,
      Function<SimulatedNode, T> result) {
    SimulatedRequest.ReplicaRead read = (server, from) -> {
      SimulatedNode node = server.tree().find(path.value());
      if (node != null && kind != Kind.EXISTS && ensemble.hides(path.value())) {
        return Answer.of(Code.NOAUTH);
      }
      if (watch != null && (node != null || kind == Kind.EXISTS)) {
        server.watches().add(kind.atServer(), path.value(), from);
      }
      return node == null ? NO_NODE : Answer.ok(result.apply(node));
    };
    send(
        reply,
        true,
        each ->
            SimulatedRequest.read(new WatchInterest(path.value(), kind, watch), read, as(each)));
  }

  /** A server lists children in no order. */
  private List<String> names(SimulatedNode node) {
    List<String> names = new ArrayList<>(node.children);
    Collections.shuffle(names, time.random());
    return names;
  }

  @Override
  public void multi(List<Op> operations, Consumer<Answer<List<OpResult>>> reply) {
    if (operations.isEmpty()) {
      send(reply, false, each -> SimulatedRequest.write(operations, as(each)));
      return;
    }
    if (operations.get(0).getKind() != Op.OpKind.READ) {
      send(reply, false, each -> SimulatedRequest.write(operations, as(each)));
      return;
    }
    SimulatedRequest.ReplicaRead read = (server, from) -> {
      List<OpResult> results = new ArrayList<>();
      operations.forEach(operation -> results.add(readOne(server, operation)));
      return Answer.ok(results);
    };
    send(reply, true, each -> SimulatedRequest.multiRead(operations, read, as(each)));
  }

  private OpResult readOne(SimulatedServer server, Op operation) {
    SimulatedNode node = server.tree().find(operation.getPath());
    if (node == null) {
      return new OpResult.ErrorResult(Code.NONODE.intValue());
    }
    if (ensemble.hides(operation.getPath())) {
      return new OpResult.ErrorResult(Code.NOAUTH.intValue());
    }
    return operation.getType() == OpCode.getChildren
        ? new OpResult.GetChildrenResult(names(node))
        : new OpResult.GetDataResult(node.data, node.stat());
  }

  @Override
  public void sync(ZkPath path, Consumer<Answer<Boolean>> reply) {
    if (ensemble.has(Defect.SYNC_SKIPPED)) {
      send(
          reply,
          false,
          each -> SimulatedRequest.read(null, (server, from) -> Answer.ok(true), as(each)));
    } else {
      send(reply, false, each -> SimulatedRequest.sync(as(each)));
    }
  }

  @Override
  public void getEphemerals(Consumer<Answer<Set<ZkPath>>> reply) {
    SimulatedRequest.ReplicaRead read = (server, from) -> {
      Set<ZkPath> paths = new LinkedHashSet<>();
      if (!ensemble.has(Defect.OWN_NODES_UNKNOWN)) {
        server.tree().ephemerals(session.id()).forEach(path -> paths.add(new ZkPath(path)));
      }
      return Answer.ok(paths);
    };
    send(reply, true, each -> SimulatedRequest.read(null, read, as(each)));
  }

  // Watches.

  @Override
  public void addWatch(
      ZkPath path, Watcher watch, AddWatchMode mode, Consumer<Answer<Boolean>> reply) {
    Kind kind = mode == AddWatchMode.PERSISTENT ? Kind.PERSISTENT : Kind.RECURSIVE;
    SimulatedRequest.ReplicaRead add = (server, from) -> {
      server.watches().add(kind, path.value(), from);
      return Answer.ok(true);
    };
    send(
        reply,
        true,
        each -> SimulatedRequest.read(new WatchInterest(path.value(), kind, watch), add, as(each)));
  }

  @Override
  public boolean isShared() {
    return client.curator().isShared();
  }

  @Override
  public void removeWatch(
      ZkPath path, Watcher.WatcherType kind, Watcher watcher, Consumer<Answer<Boolean>> reply) {
    boolean shared = isShared();
    if (phase == Phase.OVER && !shared) {
      refuse(reply);
      return;
    }
    List<WatchInterest> removed = kinds(kind).stream()
        .map(each -> new WatchInterest(path.value(), each, shared ? watcher : null))
        .toList();
    SimulatedRequest.ReplicaRead remove = (server, from) -> {
      boolean any = false;
      if (!shared && !ensemble.has(Defect.WATCHES_LEFT)) {
        for (WatchInterest each : removed) {
          any |= server.watches().remove(each.kind().atServer(), each.path(), from);
        }
      }
      return any ? Answer.ok(true) : Answer.of(Code.NOWATCHER);
    };
    // Also while disconnected, where the library removes them locally.
    Consumer<Answer<Boolean>> onLoop = answer -> client.run(() -> reply.accept(answer));
    session.send(SimulatedRequest.unwatch(removed, remove, as(onLoop)));
  }

  private static List<Kind> kinds(Watcher.WatcherType type) {
    return switch (type) {
      case Children -> List.of(Kind.CHILDREN);
      case Data -> List.of(Kind.DATA, Kind.EXISTS);
      case Persistent -> List.of(Kind.PERSISTENT);
      case PersistentRecursive -> List.of(Kind.RECURSIVE);
      case Any -> List.of(Kind.values());
    };
  }

  @Override
  public Watcher watcher(Consumer<WatchedEvent> heard) {
    return event -> {
      if (ensemble.has(Defect.EVENTS_MOVE_THE_DEADLINE)) {
        believedSend = time.nanos();
      }
      if (event.getType() != EventType.None) {
        client.run(() -> heard.accept(event));
      }
    };
  }

  // Sending.

  private <T> void send(
      Consumer<Answer<T>> reply,
      boolean read,
      Function<Consumer<Answer<T>>, SimulatedRequest> request) {
    if (phase != Phase.CONNECTED) {
      refuse(reply);
      return;
    }
    // A read sent after the deadline does not move it: the server may not know of the end yet.
    long sentAt = read && remaining() <= 0 ? newestAnsweredSend : time.nanos();
    session.send(request.apply(answer -> {
      if (answer.isAnswered()) {
        newestAnsweredSend = Math.max(newestAnsweredSend, sentAt);
        believedSend = Math.max(believedSend, sentAt);
      }
      client.run(() -> reply.accept(answer));
    }));
  }

  private <T> void refuse(Consumer<Answer<T>> reply) {
    Answer<T> refusal =
        phase == Phase.OVER ? new Answer<>(Code.SESSIONEXPIRED, null, false) : Answer.notSent();
    client.run(() -> reply.accept(refusal));
  }

  @SuppressWarnings("unchecked")
  private static <T> Consumer<Answer<Object>> as(Consumer<Answer<T>> reply) {
    return answer -> reply.accept((Answer<T>) (Answer<?>) answer);
  }

  @Override
  public String toString() {
    return phase + " " + session;
  }
}
