package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.session.Answer;
import io.zookit.testkit.internal.sim.WatchTable.Kind;
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
public final class SimulatedServer {

  /** A request that came and is not answered. */
  private static final class QueuedRequest {
    final SimulatedConnection from;
    final SimulatedRequest request;
    Answer<Object> answer = Answer.of(Code.CONNECTIONLOSS);
    boolean done;

    QueuedRequest(SimulatedConnection from, SimulatedRequest request) {
      this.from = from;
      this.request = request;
    }
  }

  private final VirtualTime time;
  private final SimulatedEnsemble ensemble;
  private final Map<Long, Deque<QueuedRequest>> pipelines = new HashMap<>();
  private final WatchTable<SimulatedConnection> watches = new WatchTable<>();
  private final Set<SimulatedConnection> connections = new LinkedHashSet<>();
  private SimulatedTree tree = new SimulatedTree();
  private SimulatedLink toLeader;
  private SimulatedLink fromLeader;
  private boolean up = true;
  private boolean apart;

  SimulatedServer(VirtualTime time, SimulatedEnsemble ensemble) {
    this.time = time;
    this.ensemble = ensemble;
    this.toLeader = new SimulatedLink(time);
    this.fromLeader = new SimulatedLink(time);
  }

  /** The replica. */
  public SimulatedTree tree() {
    return tree;
  }

  WatchTable<SimulatedConnection> watches() {
    return watches;
  }

  /** The paths that clients of this server watch. */
  public List<String> watchedPaths() {
    return watches.paths();
  }

  List<SimulatedConnection> connections() {
    return new ArrayList<>(connections);
  }

  /** Returns whether it takes connections and is in touch with the leader. */
  public boolean isUp() {
    return up && !apart;
  }

  void connected(SimulatedConnection connection) {
    connections.add(connection);
  }

  void disconnected(SimulatedConnection connection) {
    connections.remove(connection);
    watches.removeAll(connection);
  }

  /** Sends a question to the leader. */
  void ask(Runnable atLeader) {
    toLeader.send(atLeader);
  }

  /** Lets something reach the server behind all that the leader decided before. */
  void tell(Runnable atServer) {
    fromLeader.send(atServer);
  }

  void receive(SimulatedConnection from, SimulatedRequest request) {
    if (ensemble.losesRequest(from, request)) {
      from.cut();
      return;
    }
    long session = from.sessionId();
    ensemble.touch(session, this);
    QueuedRequest pending = new QueuedRequest(from, request);
    if (request.kind == SimulatedRequest.Kind.READ && ensemble.has(Defect.READS_OVERTAKE_WRITES)) {
      pending.answer = request.read.on(this, from);
      answer(pending);
      return;
    }
    pipelines.computeIfAbsent(session, missing -> new ArrayDeque<>()).add(pending);
    switch (request.kind) {
      case WRITE ->
        toLeader.send(
            () -> ensemble.write(this, session, request, answer -> done(pending, answer)));
      case SYNC ->
        toLeader.send(() -> ensemble.agreed(() -> tell(() -> done(pending, Answer.ok(true)))));
      case CLOSE ->
        toLeader.send(() -> {
          ensemble.end(session);
          ensemble.agreed(() -> tell(() -> done(pending, Answer.ok(true))));
        });
      case READ, UNWATCH -> {}
    }
    pump(session);
  }

  private void done(QueuedRequest pending, Answer<Object> answer) {
    pending.answer = answer;
    pending.done = true;
    pump(pending.from.sessionId());
  }

  private void pump(long session) {
    Deque<QueuedRequest> pipeline = pipelines.getOrDefault(session, new ArrayDeque<>());
    while (!pipeline.isEmpty()) {
      QueuedRequest head = pipeline.peek();
      if (head.request.isRead()) {
        head.answer = head.from.isOpen() ? head.request.read.on(this, head.from) : Answer.notSent();
      } else if (!head.done) {
        return;
      }
      pipeline.remove();
      answer(head);
    }
  }

  private void answer(QueuedRequest pending) {
    if (connections.contains(pending.from)) {
      if (pending.answer.code() == Code.SESSIONMOVED
          || ensemble.losesAnswer(pending.from, pending.request)) {
        pending.from.cut();
      } else {
        pending.from.reply(pending.request, pending.answer, tree.zxid());
      }
    }
  }

  void apply(SimulatedEnsemble.Transaction transaction) {
    for (TreeChange change : transaction.changes()) {
      tree.apply(change, transaction.zxid(), transaction.millis());
      trigger(change);
    }
    tree.zxid(transaction.zxid());
  }

  /** Ends the connection of a session that is over, behind what was answered. */
  void ended(long session) {
    for (SimulatedConnection connection : connections()) {
      if (connection.sessionId() == session) {
        disconnected(connection);
        time.within(0, VirtualTime.MILLI, connection::cut);
      }
    }
  }

  private void trigger(TreeChange change) {
    String path = change.path();
    if (change instanceof TreeChange.NewNode) {
      fire(EventType.NodeCreated, path);
      fire(EventType.NodeChildrenChanged, SimulatedTree.parentOf(path));
    } else if (change instanceof TreeChange.RemovedNode) {
      fire(EventType.NodeDeleted, path);
      fire(EventType.NodeChildrenChanged, SimulatedTree.parentOf(path));
    } else if (change instanceof TreeChange.NewData) {
      fire(EventType.NodeDataChanged, path);
    }
  }

  private void fire(EventType type, String path) {
    watches.concerned(type, path).forEach(each -> each.event(type, path));
  }

  /** Sets a watch again for a client that came back, or sends the event that it missed. */
  void setAgain(SimulatedConnection connection, Kind kind, String path, long lastSeen) {
    SimulatedNode node = tree.find(path);
    EventType missed = switch (kind) {
      case DATA ->
        node == null
            ? EventType.NodeDeleted
            : node.mzxid > lastSeen ? EventType.NodeDataChanged : EventType.None;
      case EXISTS -> node == null ? EventType.None : EventType.NodeCreated;
      case CHILDREN ->
        node == null
            ? EventType.NodeDeleted
            : node.pzxid > lastSeen ? EventType.NodeChildrenChanged : EventType.None;
      case PERSISTENT, RECURSIVE -> EventType.None;
    };
    if (missed == EventType.None) {
      watches.add(kind.atServer(), path, connection);
    } else {
      connection.event(missed, path);
    }
  }

  /** Stops its links to the leader in both directions; it goes on answering reads. */
  public void part() {
    apart = true;
    toLeader.hold();
    fromLeader.hold();
  }

  /** Lets it learn late what the leader decides; the leader still learns of its sessions. */
  public void lag() {
    fromLeader.hold();
  }

  /** Ends {@link #part} or {@link #lag}. */
  public void rejoin() {
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

  /** Replaces all data, while the server is stopped. */
  void restore(SimulatedTree copy) {
    tree = copy;
  }
}
