package io.zookit.lock;

import io.zookit.core.internal.session.Answer;
import io.zookit.lock.SimulatedTree.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * One server: a replica that lags behind the leader, the watches of its connections, and for each session the requests
 * in the order they came. A read waits for the writes of its session before it; a write is answered when the replica
 * has it.
 */
final class SimulatedServer {

  /** A request that came and is not answered. */
  private static final class Pending {
    final SimulatedConnection from;
    final SimulatedRequest request;
    Answer<Object> answer = Answer.of(Code.CONNECTIONLOSS);
    boolean done;

    Pending(SimulatedConnection from, SimulatedRequest request) {
      this.from = from;
      this.request = request;
    }
  }

  private final VirtualTime time;
  private final SimulatedZooKeeper ensemble;
  private final SimulatedTree tree = new SimulatedTree();
  private final Map<Long, Deque<Pending>> pipelines = new HashMap<>();
  private final SimulatedWatches<SimulatedConnection> watches = new SimulatedWatches<>();
  private final Set<SimulatedConnection> connections = new LinkedHashSet<>();
  private SimulatedLink toLeader;
  private SimulatedLink fromLeader;
  private boolean up = true;
  private boolean apart;

  SimulatedServer(VirtualTime time, SimulatedZooKeeper ensemble) {
    this.time = time;
    this.ensemble = ensemble;
    this.toLeader = new SimulatedLink(time);
    this.fromLeader = new SimulatedLink(time);
  }

  SimulatedTree tree() {
    return tree;
  }

  SimulatedWatches<SimulatedConnection> watches() {
    return watches;
  }

  List<SimulatedConnection> connections() {
    return new ArrayList<>(connections);
  }

  boolean isUp() {
    return up && !apart;
  }

  /** Whether the leader hears of its sessions. */
  boolean isHeard() {
    return up && !apart;
  }

  void connected(SimulatedConnection connection) {
    connections.add(connection);
  }

  void disconnected(SimulatedConnection connection) {
    connections.remove(connection);
    watches.removeAll(connection);
  }

  /** A question to the leader that is answered in order with the log. */
  void ask(Runnable atLeader) {
    toLeader.send(atLeader);
  }

  /** What the leader says reaches the server behind all it has decided before. */
  void tell(Runnable atServer) {
    fromLeader.send(atServer);
  }

  void receive(SimulatedConnection from, SimulatedRequest request) {
    if (ensemble.losesNextRequest()) {
      from.cut();
      return;
    }
    long session = from.sessionId();
    ensemble.touch(session, this);
    Pending pending = new Pending(from, request);
    if (ensemble.overtakes(request)) {
      pending.answer = request.read.on(this, from);
      answer(pending);
      return;
    }
    pipelines.computeIfAbsent(session, missing -> new ArrayDeque<>()).add(pending);
    if (request.kind == SimulatedRequest.Kind.WRITE) {
      toLeader.send(
          () -> ensemble.write(this, session, request.operations, answer -> done(pending, answer)));
    } else if (request.kind == SimulatedRequest.Kind.SYNC) {
      toLeader.send(() -> ensemble.agreed(() -> tell(() -> done(pending, Answer.ok(true)))));
    }
    pump(session);
  }

  private void done(Pending pending, Answer<Object> answer) {
    pending.answer = answer;
    pending.done = true;
    pump(pending.from.sessionId());
  }

  private void pump(long session) {
    Deque<Pending> pipeline = pipelines.getOrDefault(session, new ArrayDeque<>());
    while (!pipeline.isEmpty()) {
      Pending head = pipeline.peek();
      if (head.request.isRead()) {
        head.answer = head.from.isOpen() ? head.request.read.on(this, head.from) : Answer.notSent();
      } else if (!head.done) {
        return;
      }
      pipeline.remove();
      answer(head);
    }
  }

  private void answer(Pending pending) {
    if (connections.contains(pending.from)) {
      if (pending.answer.code() == Code.SESSIONMOVED || ensemble.losesNextAnswer()) {
        pending.from.cut();
      } else {
        pending.from.reply(pending.request, pending.answer, tree.zxid());
      }
    }
  }

  void apply(List<Change> changes, long zxid) {
    for (Change change : changes) {
      tree.apply(change, zxid);
      trigger(change);
    }
    tree.toZxid(zxid);
  }

  /** The session is over: its connection ends behind what was answered. */
  void ended(long session) {
    for (SimulatedConnection connection : connections()) {
      if (connection.sessionId() == session) {
        disconnected(connection);
        time.within(0, VirtualTime.MILLI, connection::cut);
      }
    }
  }

  private void trigger(Change change) {
    String path = change.path();
    switch (change.kind()) {
      case CREATE -> {
        fire(SimulatedWatches.Kind.DATA, path, EventType.NodeCreated);
        fire(
            SimulatedWatches.Kind.CHILDREN,
            SimulatedTree.parentOf(path),
            EventType.NodeChildrenChanged);
      }
      case DELETE -> {
        Set<SimulatedConnection> told =
            fire(SimulatedWatches.Kind.DATA, path, EventType.NodeDeleted);
        for (SimulatedConnection each : watches.take(SimulatedWatches.Kind.CHILDREN, path)) {
          if (!told.contains(each)) {
            each.event(EventType.NodeDeleted, path);
          }
        }
        fire(
            SimulatedWatches.Kind.CHILDREN,
            SimulatedTree.parentOf(path),
            EventType.NodeChildrenChanged);
      }
      case SET -> fire(SimulatedWatches.Kind.DATA, path, EventType.NodeDataChanged);
    }
  }

  private Set<SimulatedConnection> fire(SimulatedWatches.Kind kind, String path, EventType type) {
    Set<SimulatedConnection> told = watches.take(kind, path);
    told.forEach(each -> each.event(type, path));
    return told;
  }

  /** Its links to the leader stop; it goes on answering reads. */
  void part() {
    apart = true;
    toLeader.hold();
    fromLeader.hold();
  }

  /** It hears late what the leader decides; the leader hears of its sessions. */
  void lag() {
    fromLeader.hold();
  }

  void rejoin() {
    apart = false;
    toLeader.release();
    fromLeader.release();
  }

  void stop() {
    up = false;
    toLeader.cut();
    fromLeader.cut();
    pipelines.clear();
    connections().forEach(SimulatedConnection::cut);
  }

  void start() {
    toLeader = new SimulatedLink(time);
    fromLeader = new SimulatedLink(time);
    apart = false;
    up = true;
  }
}
