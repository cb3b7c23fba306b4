package io.zookit.lock;

import io.zookit.core.internal.session.Answer;
import io.zookit.lock.SimulatedRequest.Interest;
import io.zookit.lock.SimulatedWatches.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.jspecify.annotations.Nullable;

/**
 * One session at its client: what ZooKeeper's client library does, and the deadline. Like the library it queues what is
 * asked between the end of a connection and the news of that end, and sends it with the next connection.
 */
final class SimulatedSession {

  enum Phase {
    CONNECTED,
    DISCONNECTED,
    OVER
  }

  private final SimulatedClient client;
  private final VirtualTime time;
  private final Mutation mutation;
  private final long timeout;
  private final Deque<SimulatedRequest> pending = new ArrayDeque<>();
  private final Deque<SimulatedRequest> outgoing = new ArrayDeque<>();
  private final SimulatedWatches<Watcher> watches = new SimulatedWatches<>();
  private @Nullable SimulatedConnection connection;
  private Phase phase = Phase.DISCONNECTED;
  private long id;
  private long lastZxid;
  private long lastHeard;
  private long newestAnsweredSend;
  private long believedSend;

  SimulatedSession(SimulatedClient client, long timeout) {
    this.client = client;
    this.time = client.time();
    this.mutation = client.mutation();
    this.timeout = timeout;
    this.newestAnsweredSend = time.nanos() - timeout;
    this.believedSend = newestAnsweredSend;
  }

  long id() {
    return id;
  }

  long timeout() {
    return timeout;
  }

  Phase phase() {
    return phase;
  }

  void to(Phase next) {
    phase = next;
  }

  /** What a server must have to take this client. */
  long lastZxid() {
    return lastZxid;
  }

  long lastHeard() {
    return lastHeard;
  }

  @Nullable
  SimulatedConnection connection() {
    return connection;
  }

  /** Something reaches the process, or will when it goes on. */
  void hear(Runnable news) {
    client.hear(news);
  }

  boolean isStopped() {
    return client.isStopped();
  }

  /** Until when the session is believed to live. */
  long deadline() {
    return believedSend + timeout;
  }

  /** The same, by what has really been answered. */
  boolean isReallySafe() {
    return phase == Phase.CONNECTED && newestAnsweredSend + timeout - time.nanos() > 0;
  }

  boolean isQuietFor(long nanos) {
    return time.nanos() - believedSend >= nanos;
  }

  /** A server took the session: watches are set again before anything that was asked meanwhile is sent. */
  void open(SimulatedConnection opened, long session) {
    id = session;
    connection = opened;
    lastHeard = time.nanos();
    if (mutation == Mutation.WATCHES_FORGOTTEN) {
      return;
    }
    for (Kind kind : Kind.values()) {
      watches.paths(kind).forEach(path -> setAgain(opened, kind, path));
    }
    List<SimulatedRequest> waiting = new ArrayList<>(outgoing);
    outgoing.clear();
    waiting.forEach(this::transmit);
  }

  /** What a server does for each watch of a client that comes back. */
  private void setAgain(SimulatedConnection opened, Kind kind, String path) {
    SimulatedNode node = opened.server().tree().find(path);
    if (kind == Kind.EXISTS && node != null) {
      opened.event(EventType.NodeCreated, path);
    } else if (kind != Kind.EXISTS && node == null) {
      opened.event(EventType.NodeDeleted, path);
    } else if (kind == Kind.DATA && node != null && node.mzxid > lastZxid) {
      opened.event(EventType.NodeDataChanged, path);
    } else if (kind == Kind.CHILDREN && node != null && node.pzxid > lastZxid) {
      opened.event(EventType.NodeChildrenChanged, path);
    } else {
      opened.server().watches().add(kind == Kind.EXISTS ? Kind.DATA : kind, path, opened);
    }
  }

  void onDisconnected(SimulatedConnection cut) {
    if (connection == cut) {
      connection = null;
      lose(Code.CONNECTIONLOSS);
      client.onDisconnected(this);
    }
  }

  /** The session is over at this client. */
  void close(Code code) {
    SimulatedConnection open = connection;
    connection = null;
    if (open != null) {
      open.cut();
    }
    lose(code);
  }

  /** What is not answered never will be. */
  void lose(Code code) {
    List<SimulatedRequest> lost = new ArrayList<>(pending);
    lost.addAll(outgoing);
    pending.clear();
    outgoing.clear();
    for (SimulatedRequest request : lost) {
      settle(request, Answer.of(code));
    }
  }

  /** A silent connection is given up two thirds of a timeout after the last word. */
  void expectNews(SimulatedConnection silent) {
    long patience = timeout * 2 / 3;
    time.at(Math.max(time.nanos() + patience / 8, lastHeard + patience), () -> {
      if (silent.isOpen() && !isStopped() && time.nanos() - lastHeard >= patience) {
        silent.cut();
      } else if (silent.isOpen()) {
        expectNews(silent);
      }
    });
  }

  void send(SimulatedRequest request) {
    if (phase == Phase.CONNECTED
        || (phase == Phase.DISCONNECTED && request.kind == SimulatedRequest.Kind.UNWATCH)) {
      transmit(request);
    } else {
      client.answer(
          request,
          phase == Phase.OVER ? new Answer<>(Code.SESSIONEXPIRED, null, false) : Answer.notSent());
    }
  }

  private void transmit(SimulatedRequest request) {
    request.sentAt = saysNothing(request) ? newestAnsweredSend : time.nanos();
    SimulatedConnection now = connection;
    if (now == null) {
      outgoing.add(request);
    } else {
      pending.add(request);
      now.send(request);
    }
  }

  /** What is read when the deadline has passed does not move it: the server may not know of the end yet. */
  private boolean saysNothing(SimulatedRequest request) {
    return request.isRead() && deadline() <= time.nanos();
  }

  void onReply(
      SimulatedConnection from, SimulatedRequest request, Answer<Object> answer, long zxid) {
    if (from != connection || !pending.remove(request)) {
      return;
    }
    lastHeard = time.nanos();
    if (answer.isAnswered()) {
      lastZxid = Math.max(lastZxid, zxid);
      if (request.kind != SimulatedRequest.Kind.UNWATCH) {
        newestAnsweredSend = Math.max(newestAnsweredSend, request.sentAt);
        believedSend = Math.max(believedSend, request.sentAt);
      }
    }
    settle(request, answer);
  }

  private void settle(SimulatedRequest request, Answer<Object> answer) {
    Interest interest = request.interest;
    if (interest != null && request.kind == SimulatedRequest.Kind.UNWATCH) {
      watches.take(interest.kind(), interest.path()); // whatever the answer
      if (interest.kind() == Kind.DATA) {
        watches.take(Kind.EXISTS, interest.path());
      }
    } else if (interest != null && interest.watcher() != null) {
      if (answer.isOk()) {
        Kind kind = interest.kind() == Kind.EXISTS ? Kind.DATA : interest.kind();
        watches.add(kind, interest.path(), interest.watcher());
      } else if (interest.kind() == Kind.EXISTS && answer.code() == Code.NONODE) {
        watches.add(Kind.EXISTS, interest.path(), interest.watcher());
      }
    }
    client.answer(request, answer);
  }

  void onEvent(SimulatedConnection from, EventType type, String path) {
    if (from != connection) {
      return;
    }
    lastHeard = time.nanos();
    if (mutation == Mutation.EVENTS_MOVE_THE_DEADLINE) {
      believedSend = time.nanos();
    }
    Set<Watcher> told = new LinkedHashSet<>();
    if (type != EventType.NodeChildrenChanged) {
      told.addAll(watches.take(Kind.DATA, path));
      told.addAll(watches.take(Kind.EXISTS, path));
    }
    if (type == EventType.NodeChildrenChanged || type == EventType.NodeDeleted) {
      told.addAll(watches.take(Kind.CHILDREN, path));
    }
    WatchedEvent event = new WatchedEvent(type, KeeperState.SyncConnected, path);
    told.forEach(watcher -> watcher.process(event));
  }

  @Override
  public String toString() {
    return Long.toHexString(id) + " " + phase + " by " + connection + ", " + pending.size()
        + " pending, " + outgoing.size() + " to send";
  }
}
