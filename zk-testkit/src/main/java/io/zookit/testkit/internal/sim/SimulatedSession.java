package io.zookit.testkit.internal.sim;

import io.zookit.core.internal.session.Answer;
import io.zookit.testkit.internal.sim.SimulatedRequest.WatchInterest;
import io.zookit.testkit.internal.sim.WatchTable.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.jspecify.annotations.Nullable;

/**
 * One session at its client: ZooKeeper's handle of it, with the watches and the requests that are not answered. Like the
 * library it queues what is sent between the end of a connection and the news of that end, and sends it with the next
 * connection.
 */
public final class SimulatedSession {

  private final SimulatedCurator curator;
  private final VirtualTime time;
  private final long timeout;
  private final Deque<SimulatedRequest> pending = new ArrayDeque<>();
  private final Deque<SimulatedRequest> outgoing = new ArrayDeque<>();
  private final WatchTable<Watcher> watches = new WatchTable<>();

  /** Watchers of handles that were given up. */
  private final Set<Watcher> unset = new LinkedHashSet<>();

  private @Nullable SimulatedConnection connection;
  private boolean closed;
  private long id;
  private long lastZxid;
  private long lastHeard;

  SimulatedSession(SimulatedCurator curator, long timeout) {
    this.curator = curator;
    this.time = curator.process().time();
    this.timeout = timeout;
  }

  /** The id that the ensemble gave. */
  public long id() {
    return id;
  }

  VirtualProcess process() {
    return curator.process();
  }

  long timeout() {
    return timeout;
  }

  /** The transaction that a server must have to take this client. */
  long lastZxid() {
    return lastZxid;
  }

  long lastHeard() {
    return lastHeard;
  }

  /** The connection in use; null while there is none. */
  public @Nullable SimulatedConnection connection() {
    return connection;
  }

  /** Goes on with a connection: watches are set again before anything that was asked meanwhile is sent. */
  void open(SimulatedConnection opened, long session) {
    id = session;
    connection = opened;
    lastHeard = time.nanos();
    if (curator.ensemble().has(Defect.WATCHES_FORGOTTEN)) {
      return;
    }
    for (Kind kind : Kind.values()) {
      watches.paths(kind).forEach(path -> opened.server().setAgain(opened, kind, path, lastZxid));
    }
    List<SimulatedRequest> waiting = new ArrayList<>(outgoing);
    outgoing.clear();
    waiting.forEach(this::send);
  }

  void onDisconnected(SimulatedConnection cut) {
    if (connection == cut) {
      connection = null;
      lose(Code.CONNECTIONLOSS);
      curator.onDisconnected(this);
    }
  }

  /** Begins with a new handle: without a connection, without watches, and without knowledge of what was seen. */
  void renew() {
    SimulatedConnection open = connection;
    connection = null;
    if (open != null) {
      open.cut();
    }
    lose(Code.CONNECTIONLOSS);
    unset.addAll(watches.takeAll());
    lastZxid = 0;
    lastHeard = time.nanos();
  }

  /** Returns the watchers whose watches ended with a handle, until {@link #forgetUnset}. */
  List<Watcher> unset() {
    return List.copyOf(unset);
  }

  /** Forgets those watches: the request that sets them again is answered. */
  void forgetUnset() {
    unset.clear();
  }

  /** Ends the session at this client. */
  void close(Code code) {
    closed = true;
    SimulatedConnection open = connection;
    connection = null;
    if (open != null) {
      open.cut();
    }
    lose(code);
  }

  /** Reports all that is not answered as never to be answered. */
  void lose(Code code) {
    List<SimulatedRequest> lost = new ArrayList<>(pending);
    lost.addAll(outgoing);
    pending.clear();
    outgoing.clear();
    for (SimulatedRequest request : lost) {
      settle(request, Answer.of(code));
    }
  }

  /** Cuts a silent connection two thirds of a timeout after the last message. */
  void expectNews(SimulatedConnection silent) {
    long limit = timeout * 2 / 3;
    time.at(Math.max(time.nanos() + limit / 8, lastHeard + limit), () -> {
      if (silent.isOpen() && !process().isFrozen() && time.nanos() - lastHeard >= limit) {
        silent.cut();
      } else if (silent.isOpen()) {
        expectNews(silent);
      }
    });
  }

  /** Sends a request, or queues it for the next connection. */
  void send(SimulatedRequest request) {
    SimulatedConnection now = connection;
    if (closed) {
      settle(request, Answer.of(Code.SESSIONEXPIRED));
    } else if (now == null) {
      outgoing.add(request);
    } else {
      pending.add(request);
      now.send(request);
    }
  }

  void onReply(
      SimulatedConnection from, SimulatedRequest request, Answer<Object> answer, long zxid) {
    if (from != connection || !pending.remove(request)) {
      return;
    }
    lastHeard = time.nanos();
    if (answer.isAnswered()) {
      lastZxid = Math.max(lastZxid, zxid);
    }
    settle(request, answer);
  }

  private void settle(SimulatedRequest request, Answer<Object> answer) {
    if (request.kind == SimulatedRequest.Kind.UNWATCH) {
      request.reply.accept(unwatch(request.interests, answer));
      return;
    }
    request.interests.forEach(interest -> watch(interest, answer));
    request.reply.accept(answer);
  }

  private void watch(WatchInterest interest, Answer<Object> answer) {
    Watcher watcher = interest.watcher();
    if (watcher == null) {
      return;
    }
    if (answer.isOk()) {
      watches.add(interest.kind().atServer(), interest.path(), watcher);
    } else if (interest.kind() == Kind.EXISTS && answer.code() == Code.NONODE) {
      watches.add(Kind.EXISTS, interest.path(), watcher);
    }
  }

  /** Removes watches whatever the answer, tells their watchers, and answers {@code OK} if there were any. */
  private Answer<Object> unwatch(List<WatchInterest> interests, Answer<Object> answer) {
    KeeperState state = answer.code() == Code.SESSIONEXPIRED || answer.code() == Code.CONNECTIONLOSS
        ? KeeperState.Disconnected
        : KeeperState.SyncConnected;
    Map<EventType, Set<Watcher>> removed = new EnumMap<>(EventType.class);
    for (WatchInterest interest : interests) {
      Set<Watcher> taken = take(interest);
      if (!taken.isEmpty()) {
        removed
            .computeIfAbsent(removal(interest.kind()), missing -> new LinkedHashSet<>())
            .addAll(taken);
      }
    }
    removed.forEach((type, watchers) -> {
      WatchedEvent event = new WatchedEvent(type, state, interests.get(0).path());
      watchers.forEach(watcher -> watcher.process(event));
    });
    return removed.isEmpty() ? Answer.of(Code.NOWATCHER) : Answer.ok(true);
  }

  /** Without a watcher, all watchers of the path and kind. */
  private Set<Watcher> take(WatchInterest interest) {
    Watcher watcher = interest.watcher();
    if (watcher == null) {
      return watches.take(interest.kind(), interest.path());
    }
    return watches.remove(interest.kind(), interest.path(), watcher) ? Set.of(watcher) : Set.of();
  }

  private static EventType removal(Kind kind) {
    return switch (kind) {
      case DATA, EXISTS -> EventType.DataWatchRemoved;
      case CHILDREN -> EventType.ChildWatchRemoved;
      case PERSISTENT, RECURSIVE -> EventType.PersistentWatchRemoved;
    };
  }

  void onEvent(SimulatedConnection from, EventType type, String path) {
    if (from != connection) {
      return;
    }
    lastHeard = time.nanos();
    WatchedEvent event = new WatchedEvent(type, KeeperState.SyncConnected, path);
    watches.concerned(type, path).forEach(watcher -> watcher.process(event));
  }

  @Override
  public String toString() {
    return Long.toHexString(id) + " by " + connection + ", " + pending.size() + " pending, "
        + outgoing.size() + " to send";
  }
}
