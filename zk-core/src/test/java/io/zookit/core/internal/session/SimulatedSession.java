package io.zookit.core.internal.session;

import io.zookit.core.internal.node.ZkPath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CreateRequest;
import org.jspecify.annotations.Nullable;

/** A session of a {@link SimulatedEnsemble}: requests are served, and answered, in their order, or lost from some on. */
public final class SimulatedSession implements SessionHandle {

  private final long id;
  private final SimulatedEnsemble ensemble;
  private final Deque<Request<?>> toServer = new ArrayDeque<>();
  private final Deque<Runnable> toClient = new ArrayDeque<>();
  private boolean aliveAtServer = true;
  private boolean connected;
  private boolean over;
  private int multis;
  private int refused;
  private Code refusal = Code.OK;

  SimulatedSession(long id, SimulatedEnsemble ensemble) {
    this.id = id;
    this.ensemble = ensemble;
  }

  /** What is done at the server, and who is told. */
  private record Request<T>(Supplier<Answer<T>> effect, Consumer<Answer<T>> reply) {}

  public long id() {
    return id;
  }

  boolean isAliveAtServer() {
    return aliveAtServer;
  }

  void endAtServer() {
    aliveAtServer = false;
  }

  void toConnected() {
    connected = true;
  }

  void toOver() {
    over = true;
    connected = false;
    List<Request<?>> requests = List.copyOf(toServer);
    toServer.clear();
    requests.forEach(request -> ensemble.loop.execute(() -> lose(request, Code.SESSIONEXPIRED)));
  }

  /** The server handles one request. What was asked for while the connection broke waits for the next connection. */
  public boolean serveOne() {
    Request<?> request = connected ? toServer.pollFirst() : null;
    if (request != null) {
      serve(request);
    }
    return request != null;
  }

  private <T> void serve(Request<T> request) {
    Answer<T> answer = request.effect.get();
    toClient.addLast(new Reply<>(request.reply, answer));
  }

  /** The client hears one answer. */
  public boolean answerOne() {
    Runnable reply = toClient.pollFirst();
    if (reply != null) {
      ensemble.loop.execute(reply);
    }
    return reply != null;
  }

  /** The connection breaks: some requests are still handled, no answer arrives, and the client is told so. */
  public void lose(Random chance) {
    for (int served = chance.nextInt(toServer.size() + 1); served > 0; served--) {
      serveOne();
    }
    List<Runnable> answers = List.copyOf(toClient);
    List<Request<?>> requests = List.copyOf(toServer);
    toClient.clear();
    toServer.clear();
    answers.forEach(answer -> ensemble.loop.execute(((Reply<?>) answer)::lose));
    requests.forEach(request -> ensemble.loop.execute(() -> lose(request, Code.CONNECTIONLOSS)));
    connected = false;
  }

  private static <T> void lose(Request<T> request, Code code) {
    request.reply.accept(Answer.of(code));
  }

  private <T> void ask(Supplier<Answer<T>> effect, Consumer<Answer<T>> reply) {
    if (connected) {
      toServer.addLast(new Request<>(effect, reply));
    } else {
      Answer<T> refusal = over ? new Answer<>(Code.SESSIONEXPIRED, null, false) : Answer.notSent();
      ensemble.loop.execute(() -> reply.accept(refusal));
    }
  }

  private record Reply<T>(Consumer<Answer<T>> reply, Answer<T> answer) implements Runnable {

    @Override
    public void run() {
      reply.accept(answer);
    }

    void lose() {
      reply.accept(Answer.of(Code.CONNECTIONLOSS));
    }
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public boolean isSafe() {
    return connected;
  }

  @Override
  public long remaining() {
    return connected ? Long.MAX_VALUE : 0;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(15);
  }

  @Override
  public boolean owns(Stat stat) {
    return stat.getEphemeralOwner() == id;
  }

  @Override
  public void create(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Created>> reply) {
    SimulatedEnsemble.Node node = new SimulatedEnsemble.Node(id, data);
    ask(
        () -> {
          Code code = ensemble.create(path, node);
          return code == Code.OK ? Answer.ok(new Created(path, node.stat())) : Answer.of(code);
        },
        reply);
  }

  @Override
  public void delete(ZkPath path, int version, Consumer<Answer<Boolean>> reply) {
    ask(
        () -> {
          if (refused > 0) {
            refused--;
            return Answer.of(refusal);
          }
          return ensemble.tree.remove(path.value()) == null
              ? Answer.of(Code.NONODE)
              : Answer.ok(true);
        },
        reply);
  }

  /** The server refuses the next deletes. */
  public void refuseDeletes(int count, Code code) {
    refused = count;
    refusal = code;
  }

  @Override
  public void setData(ZkPath path, byte[] data, int version, Consumer<Answer<Stat>> reply) {
    ask(
        () -> {
          SimulatedEnsemble.Node now = ensemble.tree.computeIfPresent(
              path.value(), (key, old) -> new SimulatedEnsemble.Node(old.owner(), data));
          return now == null ? Answer.of(Code.NONODE) : Answer.ok(now.stat());
        },
        reply);
  }

  @Override
  public void getData(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Node>> reply) {
    ask(
        () -> {
          SimulatedEnsemble.Node now = ensemble.node(path);
          return now == null ? Answer.of(Code.NONODE) : Answer.ok(new Node(now.data(), now.stat()));
        },
        reply);
  }

  @Override
  public void sync(ZkPath path, Consumer<Answer<Boolean>> reply) {
    ask(() -> Answer.ok(true), reply);
  }

  @Override
  public void getEphemerals(Consumer<Answer<Set<ZkPath>>> reply) {
    ask(
        () -> Answer.ok(ensemble.tree.entrySet().stream()
            .filter(entry -> entry.getValue().owner() == id)
            .map(entry -> new ZkPath(entry.getKey()))
            .collect(Collectors.toSet())),
        reply);
  }

  @Override
  public void createFolder(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Boolean>> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void getAcl(ZkPath path, Consumer<Answer<AccessList>> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAcl(ZkPath path, List<ACL> acl, Consumer<Answer<Boolean>> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void exists(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Stat>> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void list(ZkPath path, Consumer<Answer<List<String>>> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void getChildren(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Children>> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void multi(List<Op> operations, Consumer<Answer<List<OpResult>>> reply) {
    multis++;
    ask(() -> createAll(operations), reply);
  }

  /** How many multis were sent. */
  public int multis() {
    return multis;
  }

  private Answer<List<OpResult>> createAll(List<Op> operations) {
    List<OpResult> results = new ArrayList<>();
    for (Op operation : operations) {
      SimulatedEnsemble.Node node =
          new SimulatedEnsemble.Node(id, ((CreateRequest) operation.toRequestRecord()).getData());
      Code code = ensemble.create(new ZkPath(operation.getPath()), node);
      if (code != Code.OK) {
        operations.subList(0, results.size()).forEach(made -> ensemble.tree.remove(made.getPath()));
        return new Answer<>(code, results, true);
      }
      results.add(new OpResult.CreateResult(operation.getPath(), node.stat()));
    }
    return Answer.ok(results);
  }

  @Override
  public void addWatch(
      ZkPath path, Watcher watch, AddWatchMode mode, Consumer<Answer<Boolean>> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void removeAllWatches(
      ZkPath path, Watcher.WatcherType kind, Consumer<Answer<Boolean>> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Watcher watcher(Consumer<WatchedEvent> heard) {
    throw new UnsupportedOperationException();
  }
}
