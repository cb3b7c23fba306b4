package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.session.Answer;
import io.zookit.testkit.internal.sim.SimulatedTree.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * An ensemble: a leader that decides everything in one order, a majority that agrees a little later, servers that follow
 * with a lag, and sessions that the leader ends when nothing has come from them for their timeout.
 *
 * <p>It is as strict as ZooKeeper may be: pings keep a session only as long as its connection works, so a session that
 * is cut off ends one timeout after its last request, while a real one gets up to a third more.
 */
public final class SimulatedEnsemble {

  /** Learns what the leader decides, before any server and any client. */
  public interface Journal {

    /**
     * Called after each transaction.
     *
     * @param session the session that asked for it; 0 for the end of a session, {@link #OPERATOR} for an operator
     */
    void decided(List<TreeChange> changes, long zxid, long session);
  }

  /** The data of an ensemble and its sessions at one moment, as an operator copies them. */
  public static final class Snapshot {
    private final SimulatedTree tree;
    private final Set<Long> alive;

    private Snapshot(SimulatedTree tree, Set<Long> alive) {
      this.tree = tree;
      this.alive = alive;
    }
  }

  /** The changes of one decision. */
  record Transaction(List<TreeChange> changes, long zxid, long millis) {}

  private static final class SessionEntry {
    final long timeout;
    SimulatedServer owner;
    long lastHeard;
    boolean ended;

    SessionEntry(long timeout, SimulatedServer owner) {
      this.timeout = timeout;
      this.owner = owner;
    }
  }

  /** In place of the session that asks: an operator with a plain client, or the ensemble's own housekeeping. */
  public static final long OPERATOR = -1;

  private static final int SERVERS = 3;
  private static final int EPOCH_BITS = 32;

  private final VirtualTime time;
  private final Set<Defect> defects;
  private final List<Journal> journals = new ArrayList<>();
  private final List<Transaction> log = new ArrayList<>();
  private final List<SimulatedServer> servers = new ArrayList<>();
  private final Map<Long, SessionEntry> sessions = new HashMap<>();
  private SimulatedTree tree = new SimulatedTree();
  private SimulatedLink quorum;
  private BiPredicate<SimulatedConnection, SimulatedRequest> losesRequest =
      (from, request) -> false;
  private BiPredicate<SimulatedConnection, SimulatedRequest> losesAnswer = (from, request) -> false;
  private BiFunction<Op, Long, Code> refusals = (operation, session) -> Code.OK;
  private Predicate<String> hidden = path -> false;
  private long zxid = 0x100;
  private long nextSession = 0x5e55_0001L;
  private long wallOffset;
  private boolean up = true;

  /** Creates a running ensemble without data and sessions. */
  public SimulatedEnsemble(VirtualTime time, Defect... defects) {
    this.time = time;
    this.defects = EnumSet.noneOf(Defect.class);
    this.defects.addAll(Arrays.asList(defects));
    this.quorum = new SimulatedLink(time);
    for (int i = 0; i < SERVERS; i++) {
      servers.add(new SimulatedServer(time, this));
    }
  }

  VirtualTime time() {
    return time;
  }

  boolean has(Defect defect) {
    return defects.contains(defect);
  }

  /** Adds a journal, which learns of every transaction from now on. */
  public void record(Journal journal) {
    journals.add(journal);
  }

  /** The truth: the data of the leader. */
  public SimulatedTree tree() {
    return tree;
  }

  /** The servers that clients connect to. */
  public List<SimulatedServer> servers() {
    return servers;
  }

  /** Cuts a connection in place of serving a request for which the condition holds. */
  public void loseRequests(BiPredicate<SimulatedConnection, SimulatedRequest> condition) {
    losesRequest = condition;
  }

  /** Cuts a connection in place of answering a request for which the condition holds. */
  public void loseAnswers(BiPredicate<SimulatedConnection, SimulatedRequest> condition) {
    losesAnswer = condition;
  }

  /** Loses requests and answers at random. */
  public void loseAtRandom(double requests, double answers) {
    loseRequests((from, request) -> time.chance(requests));
    loseAnswers((from, request) -> time.chance(answers));
  }

  /**
   * Refuses operations that would be accepted.
   *
   * @param answer the code for an operation of a session; {@code OK} to accept it
   */
  public void refuse(BiFunction<Op, Long, Code> answer) {
    refusals = answer;
  }

  /** Refuses to show data and children of nodes by {@code NOAUTH}; whether one exists is shown to everyone. */
  public void hide(Predicate<String> paths) {
    hidden = paths;
  }

  boolean hides(String path) {
    return hidden.test(path);
  }

  boolean losesRequest(SimulatedConnection from, SimulatedRequest request) {
    return losesRequest.test(from, request);
  }

  boolean losesAnswer(SimulatedConnection from, SimulatedRequest request) {
    return losesAnswer.test(from, request);
  }

  /** Shifts the wall clock of the leader by milliseconds. */
  public void shiftWallClock(long millis) {
    wallOffset += millis;
  }

  private long millis() {
    return time.now().toEpochMilli() + wallOffset;
  }

  // Sessions.

  /** Creates a session that is owned by a server. */
  long open(long timeout, SimulatedServer owner) {
    long id = nextSession++;
    SessionEntry session = new SessionEntry(timeout, owner);
    session.lastHeard = time.nanos();
    sessions.put(id, session);
    commit(List.of(), 0);
    watch(id, session);
    return id;
  }

  /** Gives a session to another server; false if it is over. */
  boolean reopen(long id, SimulatedServer owner) {
    SessionEntry session = sessions.get(id);
    if (session == null || session.ended) {
      return false;
    }
    session.owner = owner;
    session.lastHeard = time.nanos();
    return true;
  }

  /** Returns whether a session is not over by the leader's word. */
  public boolean isAlive(long id) {
    SessionEntry session = sessions.get(id);
    return session != null && !session.ended;
  }

  void touch(long id, SimulatedServer at) {
    SessionEntry session = sessions.get(id);
    if (session != null && at.isUp()) {
      session.lastHeard = time.nanos();
    }
  }

  private void watch(long id, SessionEntry session) {
    long end = session.lastHeard + session.timeout;
    time.at(end > time.nanos() ? end : time.nanos() + session.timeout / 8, () -> {
      boolean quiet = time.nanos() - session.lastHeard >= session.timeout;
      if (!session.ended && up && quiet && !isPinging(id, session)) {
        end(id);
      } else if (!session.ended) {
        watch(id, session);
      }
    });
  }

  private static boolean isPinging(long id, SessionEntry session) {
    return session.owner.isUp()
        && session.owner.connections().stream()
            .anyMatch(connection -> connection.sessionId() == id && connection.isPinging());
  }

  /** Ends a session, whatever its client believes. */
  public void end(long id) {
    SessionEntry session = sessions.get(id);
    if (session != null && !session.ended) {
      session.ended = true;
      List<TreeChange> gone = new ArrayList<>();
      for (String path : tree.ephemerals(id)) {
        gone.add(new TreeChange.RemovedNode(path, id));
      }
      commit(gone, 0);
      agreed(() -> servers.forEach(server -> server.tell(() -> server.ended(id))));
    }
  }

  // Transactions.

  Decision decide(List<Op> operations, long session) {
    return tree.decide(operations, session, !has(Defect.VERSIONS_IGNORED), refusals);
  }

  /** Handles a write of a session; it is answered when the server that passed it on has the outcome. */
  void write(
      SimulatedServer from, long id, SimulatedRequest request, Consumer<Answer<Object>> committed) {
    SessionEntry session = sessions.get(id);
    Answer<Object> answer;
    if (session == null || session.ended) {
      answer = Answer.of(Code.SESSIONEXPIRED);
    } else if (session.owner != from) {
      answer = Answer.of(Code.SESSIONMOVED);
    } else {
      answer = execute(request.operations, request.write.on(this, id), id);
    }
    agreed(() -> from.tell(() -> committed.accept(answer)));
  }

  private Answer<Object> execute(List<Op> operations, Decision decision, long session) {
    if (!decision.isOk()) {
      commit(List.of(), session); // a refusal takes a zxid, too
      List<OpResult> results =
          SimulatedTree.refusals(operations.size(), decision.refusedAt(), decision.code());
      return new Answer<>(decision.code(), results, true);
    }
    List<@Nullable Stat> stats = commit(decision.changes(), session);
    return Answer.ok(SimulatedTree.results(operations, decision.changes(), stats));
  }

  /** Lets a task follow when a majority has all that was decided before. */
  void agreed(Runnable task) {
    quorum.send(task);
  }

  private List<@Nullable Stat> commit(List<TreeChange> changes, long session) {
    Transaction decided = new Transaction(changes, ++zxid, millis());
    List<@Nullable Stat> stats = new ArrayList<>();
    for (TreeChange change : changes) {
      stats.add(tree.apply(change, decided.zxid, decided.millis));
    }
    tree.zxid(decided.zxid);
    log.add(decided);
    if (!changes.isEmpty()) {
      journals.forEach(journal -> journal.decided(changes, decided.zxid, session));
    }
    agreed(() -> servers.forEach(server -> server.tell(() -> server.apply(decided))));
    return stats;
  }

  /** Runs operations of an operator, all or none; returns {@code OK} or the refusal. */
  public Code operate(List<Op> operations) {
    Decision decision = tree.decide(operations, OPERATOR, true, (operation, session) -> Code.OK);
    commit(decision.changes(), OPERATOR);
    return decision.code();
  }

  /** Removes a node without children, as an operator or the ensemble's own housekeeping does. */
  public void remove(String path) {
    SimulatedNode node = tree.find(path);
    if (node != null && node.children.isEmpty()) {
      commit(List.of(new TreeChange.RemovedNode(path, node.session())), OPERATOR);
    }
  }

  /** Removes the containers that had children and have none. */
  public void removeEmptiedContainers() {
    tree.where(SimulatedNode::isEmptiedContainer).forEach(this::remove);
  }

  // Outages.

  /** Stops all servers; the data stays. */
  public void stop() {
    up = false;
    quorum.cut();
    servers.forEach(SimulatedServer::stop);
  }

  /** Starts all servers with all data, in a new epoch; every session has its whole timeout before it. */
  public void start() {
    up = true;
    quorum = new SimulatedLink(time);
    zxid = ((zxid >> EPOCH_BITS) + 1) << EPOCH_BITS;
    for (SimulatedServer server : servers) {
      server.start();
      for (Transaction each : log) {
        if (each.zxid > server.tree().zxid()) {
          server.apply(each);
        }
      }
    }
    sessions.values().forEach(session -> session.lastHeard = time.nanos());
  }

  /** A copy of the data and the sessions of this moment. */
  public Snapshot snapshot() {
    Set<Long> alive = new HashSet<>();
    sessions.forEach((id, session) -> {
      if (!session.ended) {
        alive.add(id);
      }
    });
    return new Snapshot(tree.copy(), alive);
  }

  /**
   * Stops all servers and puts a copy in place of their data; {@link #start} starts them. Sessions that were alive then
   * are alive again, others are unknown. No journal is called.
   */
  public void restore(Snapshot snapshot) {
    stop();
    tree = snapshot.tree.copy();
    zxid = tree.zxid();
    log.clear();
    servers.forEach(server -> server.restore(snapshot.tree.copy()));
    sessions.forEach((id, session) -> {
      boolean alive = snapshot.alive.contains(id);
      if (alive && session.ended) {
        session.ended = false;
        watch(id, session);
      }
      session.ended = !alive;
    });
  }
}
