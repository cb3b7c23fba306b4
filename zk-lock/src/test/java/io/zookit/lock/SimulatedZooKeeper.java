package io.zookit.lock;

import io.zookit.core.internal.session.Answer;
import io.zookit.lock.SimulatedTree.Change;
import io.zookit.lock.SimulatedTree.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.jspecify.annotations.Nullable;

/**
 * A model of an ensemble: a leader that decides everything in one order, a majority that agrees a little later, servers
 * that follow with a lag, and sessions that the leader ends when nothing has come from them for their timeout.
 *
 * <p>It is as strict as ZooKeeper may be: pings keep a session only as long as its connection works, so a session that
 * is cut off ends one timeout after its last request, while a real one gets up to a third more.
 */
final class SimulatedZooKeeper {

  /** Hears what the leader has decided, before anybody else. */
  interface Journal {

    /**
     * Changes are decided.
     *
     * @param session who asked for them; 0 for the end of a session, {@link #OPERATOR} for an operator
     */
    void decided(List<Change> changes, long zxid, long session);
  }

  /** What goes wrong by itself. */
  static final class Weather {
    double lostRequests;
    double lostAnswers;
  }

  private static final class Session {
    final long timeout;
    SimulatedServer owner;
    long lastHeard;
    boolean ended;

    Session(long timeout, SimulatedServer owner) {
      this.timeout = timeout;
      this.owner = owner;
    }
  }

  private record Entry(List<Change> changes, long zxid) {}

  /** In place of the session that asks: somebody with a plain client, or the ensemble's own housekeeping. */
  static final long OPERATOR = -1;

  private static final int SERVERS = 3;

  private final VirtualTime time;
  private final Journal journal;
  private final Mutation mutation;
  private final Weather weather = new Weather();
  private final SimulatedTree tree = new SimulatedTree();
  private final List<Entry> log = new ArrayList<>();
  private final List<SimulatedServer> servers = new ArrayList<>();
  private final Map<Long, Session> sessions = new HashMap<>();
  private SimulatedLink quorum;
  private long zxid = 0x100;
  private long nextSession = 0x5e55_0001L;

  SimulatedZooKeeper(VirtualTime time, Mutation mutation, Journal journal) {
    this.time = time;
    this.mutation = mutation;
    this.journal = journal;
    this.quorum = new SimulatedLink(time);
    for (int i = 0; i < SERVERS; i++) {
      servers.add(new SimulatedServer(time, this));
    }
  }

  /** The truth: what the leader has. */
  SimulatedTree tree() {
    return tree;
  }

  List<SimulatedServer> servers() {
    return servers;
  }

  Weather weather() {
    return weather;
  }

  boolean losesNextRequest() {
    return time.chance(weather.lostRequests);
  }

  boolean losesNextAnswer() {
    return time.chance(weather.lostAnswers);
  }

  boolean overtakes(SimulatedRequest request) {
    return mutation == Mutation.READS_OVERTAKE_WRITES && request.kind == SimulatedRequest.Kind.READ;
  }

  /** Makes a session that is owned by a server. */
  long open(long timeout, SimulatedServer owner) {
    long id = nextSession++;
    Session session = new Session(timeout, owner);
    session.lastHeard = time.nanos();
    sessions.put(id, session);
    watch(id, session);
    return id;
  }

  /** Gives a session to another server; false when it is over. */
  boolean reopen(long id, SimulatedServer owner) {
    Session session = sessions.get(id);
    if (session == null || session.ended) {
      return false;
    }
    session.owner = owner;
    session.lastHeard = time.nanos();
    return true;
  }

  boolean isAlive(long id) {
    Session session = sessions.get(id);
    return session != null && !session.ended;
  }

  void touch(long id, SimulatedServer at) {
    Session session = sessions.get(id);
    if (session != null && at.isHeard()) {
      session.lastHeard = time.nanos();
    }
  }

  private void watch(long id, Session session) {
    long due = Math.max(session.lastHeard + session.timeout, time.nanos() + session.timeout / 8);
    time.at(due, () -> {
      boolean quiet = time.nanos() - session.lastHeard >= session.timeout;
      if (!session.ended && quiet && !isPinging(id, session)) {
        end(id);
      } else if (!session.ended) {
        watch(id, session);
      }
    });
  }

  private static boolean isPinging(long id, Session session) {
    return session.owner.isHeard()
        && session.owner.connections().stream()
            .anyMatch(connection -> connection.sessionId() == id && connection.isPinging());
  }

  /** Ends a session, whatever its client thinks. */
  void end(long id) {
    Session session = sessions.get(id);
    if (session != null && !session.ended) {
      session.ended = true;
      List<Change> gone = new ArrayList<>();
      for (String path : tree.ephemerals(id)) {
        gone.add(new Change(Kind.DELETE, path, new byte[0], 0, false, false));
      }
      decide(gone, 0);
      agreed(() -> servers.forEach(server -> server.tell(() -> server.ended(id))));
    }
  }

  /** A request of a session reaches the leader; it is answered when the server that passed it on has the outcome. */
  void write(
      SimulatedServer from, long id, List<Op> operations, Consumer<Answer<Object>> committed) {
    Session session = sessions.get(id);
    Answer<Object> answer;
    if (session == null || session.ended) {
      answer = Answer.of(Code.SESSIONEXPIRED);
    } else if (session.owner != from) {
      answer = Answer.of(Code.SESSIONMOVED);
    } else {
      answer = execute(id, operations);
    }
    agreed(() -> from.tell(() -> committed.accept(answer)));
  }

  /** Runs a task when a majority has all that was decided before. */
  void agreed(Runnable task) {
    quorum.send(task);
  }

  private Answer<Object> execute(long session, List<Op> operations) {
    for (int i = 0; i < operations.size(); i++) {
      Code code = verdict(operations.get(i));
      if (code != Code.OK) {
        return new Answer<>(code, refusals(operations.size(), i, code), true);
      }
    }
    List<Change> changes = new ArrayList<>();
    for (Op operation : operations) {
      Change change = change(operation, session, changes);
      if (change != null) {
        changes.add(change);
      }
    }
    decide(changes, session);
    List<OpResult> results = new ArrayList<>();
    int next = 0;
    for (Op operation : operations) {
      boolean check = operation.getType() == OpCode.check;
      results.add(check ? new OpResult.CheckResult() : result(changes.get(next), operation));
      next += check ? 0 : 1;
    }
    return Answer.ok(results);
  }

  private static Object refusals(int size, int refused, Code code) {
    List<OpResult> results = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Code each = i == refused ? code : i < refused ? Code.OK : Code.RUNTIMEINCONSISTENCY;
      results.add(new OpResult.ErrorResult(each.intValue()));
    }
    return results;
  }

  private Code verdict(Op operation) {
    String path = operation.getPath();
    SimulatedNode node = tree.find(path);
    return switch (operation.getType()) {
      case OpCode.create, OpCode.create2, OpCode.createContainer -> {
        SimulatedNode parent = tree.find(SimulatedTree.parentOf(path));
        yield parent == null
            ? Code.NONODE
            : node != null && !mode(operation).isSequential() ? Code.NODEEXISTS : Code.OK;
      }
      case OpCode.delete ->
        node == null ? Code.NONODE : node.children.isEmpty() ? Code.OK : Code.NOTEMPTY;
      case OpCode.setData -> {
        int version = ((SetDataRequest) operation.toRequestRecord()).getVersion();
        yield node == null ? Code.NONODE : matches(node, version);
      }
      case OpCode.check -> {
        int version = ((CheckVersionRequest) operation.toRequestRecord()).getVersion();
        yield node == null ? Code.NONODE : matches(node, version);
      }
      default -> Code.UNIMPLEMENTED;
    };
  }

  private static Code matches(SimulatedNode node, int version) {
    return version == -1 || version == node.version ? Code.OK : Code.BADVERSION;
  }

  private static CreateMode mode(Op operation) {
    try {
      return CreateMode.fromFlag(((CreateRequest) operation.toRequestRecord()).getFlags());
    } catch (KeeperException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Change change(Op operation, long session, List<Change> before) {
    String path = operation.getPath();
    return switch (operation.getType()) {
      case OpCode.delete ->
        new Change(Kind.DELETE, path, new byte[0], 0, false, isOf(path, session));
      case OpCode.setData ->
        new Change(
            Kind.SET,
            path,
            ((SetDataRequest) operation.toRequestRecord()).getData(),
            0,
            false,
            isOf(path, session));
      case OpCode.check -> null;
      default -> {
        CreateMode mode = mode(operation);
        long owner = mode.isEphemeral() ? session : 0;
        byte[] data = ((CreateRequest) operation.toRequestRecord()).getData();
        String made = mode.isSequential() ? path + sequence(path, before) : path;
        yield new Change(Kind.CREATE, made, data, owner, mode.isContainer(), true);
      }
    };
  }

  private boolean isOf(String path, long session) {
    SimulatedNode node = tree.find(path);
    return node != null && node.owner == session;
  }

  private String sequence(String path, List<Change> before) {
    String parent = SimulatedTree.parentOf(path);
    long earlier = before.stream()
        .filter(change -> change.kind() == Kind.CREATE
            && SimulatedTree.parentOf(change.path()).equals(parent))
        .count();
    return String.format("%010d", tree.parent(path).created + earlier);
  }

  private OpResult result(Change change, Op operation) {
    return switch (change.kind()) {
      case CREATE ->
        operation.getType() == OpCode.create2
            ? new OpResult.CreateResult(change.path(), stat(change.path()))
            : new OpResult.CreateResult(change.path());
      case DELETE -> new OpResult.DeleteResult();
      case SET -> new OpResult.SetDataResult(stat(change.path()));
    };
  }

  private org.apache.zookeeper.data.@Nullable Stat stat(String path) {
    SimulatedNode node = tree.find(path);
    return node == null ? null : node.stat();
  }

  private void decide(List<Change> changes, long session) {
    long decided = ++zxid;
    changes.forEach(change -> tree.apply(change, decided));
    log.add(new Entry(changes, decided));
    journal.decided(changes, decided, session);
    agreed(() -> {
      for (SimulatedServer server : servers) {
        server.tell(() -> server.apply(changes, decided));
      }
    });
  }

  /** What an operator or the ensemble's own housekeeping removes. */
  void remove(String path) {
    SimulatedNode node = tree.find(path);
    if (node != null && node.children.isEmpty()) {
      decide(List.of(new Change(Kind.DELETE, path, new byte[0], 0, false, false)), OPERATOR);
    }
  }

  /** All servers stop; the data stay. */
  void stop() {
    quorum.cut();
    servers.forEach(SimulatedServer::stop);
  }

  /** All servers are there again, with all data; every session has its whole timeout before it. */
  void start() {
    quorum = new SimulatedLink(time);
    for (SimulatedServer server : servers) {
      server.start();
      for (Entry entry : log) {
        if (entry.zxid > server.tree().zxid()) {
          server.apply(entry.changes, entry.zxid);
        }
      }
    }
    sessions.values().forEach(session -> session.lastHeard = time.nanos());
  }
}
