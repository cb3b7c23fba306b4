package io.zookit.core.internal.node;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One-shot watches of one client in one session, shared by all its interests in a node and removed when the last of them
 * ends. Used on the loop only.
 *
 * <p>A change reaches an interest in one of three ways:
 *
 * <ul>
 *   <li>by the event of its watch;
 *   <li>by reading the node again at once when something else in this process removed the watch, of which the client
 *       library tells every watcher that it removes;
 *   <li>by reading it again every minute or so, if the watch disappeared without a word.
 * </ul>
 *
 * <p>A read compares the transaction that changed the node last with the one that the interest saw. Both are delivered as
 * the event that was missed.
 *
 * <p><i>Failure:</i> whatever a listener throws, an {@code Error} too, is logged, and the others are called.
 *
 * <p><i>Cost:</i> at most one read a minute for each watched node, however many interests share it. One timer, while
 * anything is watched.
 */
public final class NodeWatches {

  private static final Logger log = LoggerFactory.getLogger(NodeWatches.class);

  /** The shortest time between two reads of a watched node; it is up to half as long again, by the path. */
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private static final Duration TICK = PERIOD.dividedBy(10);
  private static final int SPREAD = 1_000;
  private static final long UNREAD = Long.MIN_VALUE;
  private static final long ABSENT = UNREAD + 1;

  /** A node, and whether its data or its children are watched. */
  private record Watched(ZkPath path, WatcherType kind) {

    boolean isOfChildren() {
      return kind == WatcherType.Children;
    }

    EventType change() {
      return isOfChildren() ? EventType.NodeChildrenChanged : EventType.NodeDataChanged;
    }
  }

  private final SessionHandle handle;
  private final Timekeeper timekeeper;
  private final SerialLane loop;
  private final Meters meters;
  private final boolean readsRegularly;
  private final Map<Watched, Interests> table = new HashMap<>();
  private boolean ticking;

  /**
   * Creates a table for one session.
   *
   * @param loop the loop of the client of the session
   * @param meters counts the changes that the regular read found and no event reported
   */
  public NodeWatches(SessionHandle handle, Timekeeper timekeeper, SerialLane loop, Meters meters) {
    this(handle, timekeeper, loop, meters, true);
  }

  /**
   * Creates a table for one session.
   *
   * @param readsRegularly false if a watch that disappeared without a word does no harm
   */
  NodeWatches(
      SessionHandle handle,
      Timekeeper timekeeper,
      SerialLane loop,
      Meters meters,
      boolean readsRegularly) {
    this.handle = handle;
    this.timekeeper = timekeeper;
    this.loop = loop;
    this.meters = meters;
    this.readsRegularly = readsRegularly;
  }

  /** One call of a watch method: two are two, also with one consumer. */
  private static final class Interest {
    final Consumer<WatchedEvent> listener;

    /** The transaction that made what this interest has read, or {@link #ABSENT}. */
    long seen = UNREAD;

    Interest(Consumer<WatchedEvent> listener) {
      this.listener = listener;
    }

    boolean isUnread() {
      return seen == UNREAD;
    }
  }

  /** An interest in a node. Closing it ends the interest, and the watch with the last one. */
  public interface NodeWatch extends Subscription {

    /** Ends the interest in a node that is about to be deleted: its watch is left to fire, which saves a request. */
    void closeBeforeDelete();
  }

  /** The interests that share a watch; {@code armed} once the server has it. In the table while there are any. */
  private final class Interests {
    final Set<Interest> waiting = new LinkedHashSet<>();
    final Watcher watcher;
    boolean armed;

    /** True if the node is about to be deleted. */
    boolean isLeft;

    boolean readingAgain;
    long due;

    Interests(Watched watched) {
      watcher = handle.watcher(event -> onEvent(watched, this, event));
      due = dueAfter(watched);
    }

    boolean waitOnlyForCreation() {
      return waiting.stream().anyMatch(interest -> interest.seen == ABSENT)
          && waiting.stream().allMatch(interest -> interest.seen <= ABSENT);
    }
  }

  /**
   * Reads a node and waits for its next change or end.
   *
   * @param listener called once; not at all if the read finds no node or fails
   * @return closing it ends the interest
   */
  public NodeWatch watch(
      ZkPath path, Consumer<WatchedEvent> listener, Consumer<Answer<SessionHandle.Node>> reply) {
    Watched watched = new Watched(path, WatcherType.Data);
    Interest interest = new Interest(listener);
    Interests interests = join(watched, interest);
    handle.getData(path, interests.watcher, read -> {
      settle(watched, interests, interest, changedData(read));
      reply.accept(read);
    });
    return new NodeWatch() {
      @Override
      public void close() {
        leave(watched, interests, interest);
      }

      @Override
      public void closeBeforeDelete() {
        interests.waiting.remove(interest);
        interests.isLeft = true;
        boolean willFire = interests.armed || interest.seen == UNREAD;
        if (!willFire && interests.waiting.isEmpty()) {
          table.remove(watched, interests); // its watch is gone, and was not set again yet
        }
      }
    };
  }

  /**
   * Lists a node's children and waits for the next that is created or deleted.
   *
   * @param listener called once; not at all if the listing finds no node or fails
   * @return closing it ends the interest
   */
  public Subscription watchChildren(
      ZkPath path,
      Consumer<WatchedEvent> listener,
      Consumer<Answer<SessionHandle.Children>> reply) {
    Watched watched = new Watched(path, WatcherType.Children);
    Interest interest = new Interest(listener);
    Interests interests = join(watched, interest);
    handle.getChildren(path, interests.watcher, read -> {
      settle(watched, interests, interest, changedChildren(read));
      reply.accept(read);
    });
    return () -> leave(watched, interests, interest);
  }

  /**
   * Looks for a node and waits for it to be created, or, if it exists, for its next change or end.
   *
   * @param listener called once; not at all if the look fails
   * @return closing it ends the interest
   */
  public Subscription watchCreation(
      ZkPath path, Consumer<WatchedEvent> listener, Consumer<Answer<Stat>> reply) {
    Watched watched = new Watched(path, WatcherType.Data);
    Interest interest = new Interest(listener);
    Interests interests = join(watched, interest);
    handle.exists(path, interests.watcher, found -> {
      settle(watched, interests, interest, changedOrAbsent(found));
      reply.accept(found);
    });
    return () -> leave(watched, interests, interest);
  }

  private static long changedOrAbsent(Answer<Stat> found) {
    return found.isOk() ? found.get().getMzxid() : found.code() == Code.NONODE ? ABSENT : UNREAD;
  }

  private static long changedData(Answer<SessionHandle.Node> read) {
    return read.isOk() ? read.get().stat().getMzxid() : UNREAD;
  }

  private static long changedChildren(Answer<SessionHandle.Children> read) {
    return read.isOk() ? read.get().stat().getPzxid() : UNREAD;
  }

  /**
   * Reads the nodes whose watch was lost with the connection before it could be set again. To be called when the session is
   * connected again, before anything is decided by what was read before.
   */
  public void onConnected() {
    new HashMap<>(table).forEach((watched, interests) -> {
      if (!interests.armed && !interests.waiting.stream().allMatch(Interest::isUnread)) {
        readAgain(watched, interests, false);
      }
    });
  }

  /** The number of nodes that are watched. */
  public int size() {
    return table.size();
  }

  /** Ends all interests. What others may use goes on, without these watchers; all else ends with the session. */
  public void close() {
    Map<Watched, Interests> open = new HashMap<>(table);
    table.clear();
    open.values().forEach(interests -> interests.waiting.clear());
    if (handle.isShared()) {
      open.forEach(this::forget);
    }
  }

  private Interests join(Watched watched, Interest interest) {
    Interests interests = table.computeIfAbsent(watched, Interests::new);
    interests.waiting.add(interest);
    startTicking();
    return interests;
  }

  private void settle(Watched watched, Interests interests, Interest interest, long seen) {
    if (seen == UNREAD) {
      leave(watched, interests, interest);
      if (interests.waiting.isEmpty()) {
        table.remove(watched, interests); // also if its watch was to be left to fire
      }
      return;
    }
    interest.seen = seen;
    interests.armed = true;
    if (interests.waiting.isEmpty() && !interests.isLeft) {
      forget(watched, interests);
    }
  }

  private void onEvent(Watched watched, Interests interests, WatchedEvent event) {
    interests.armed = false;
    if (event.getType() == EventType.DataWatchRemoved
        || event.getType() == EventType.ChildWatchRemoved) {
      if (interests.waiting.isEmpty()) {
        table.remove(watched, interests);
      }
      readAgain(watched, interests, false); // by others, if anything waits here
      return;
    }
    table.remove(watched, interests);
    List<Interest> told = new ArrayList<>(interests.waiting);
    interests.waiting.clear();
    told.forEach(interest -> deliver(watched, interest, event));
  }

  private void leave(Watched watched, Interests interests, Interest interest) {
    if (interests.waiting.remove(interest) && interests.waiting.isEmpty()) {
      forget(watched, interests);
    }
  }

  private void forget(Watched watched, Interests interests) {
    table.remove(watched, interests);
    if (!interests.armed) {
      return;
    }
    interests.armed = false;
    Interests later = table.get(watched);
    if (later == null || handle.isShared()) {
      handle.removeWatch(watched.path, watched.kind, interests.watcher, gone -> {});
    } else {
      later.armed = true; // they remove both watches, also when their own read fails
    }
  }

  /** Reads a node that is watched, or should be; {@code regular} if nothing indicates that its watch is gone. */
  private void readAgain(Watched watched, Interests interests, boolean regular) {
    if (interests.waiting.isEmpty() || interests.readingAgain) {
      return;
    }
    interests.readingAgain = true;
    interests.due = dueAfter(watched);
    if (watched.isOfChildren()) {
      handle.getChildren(
          watched.path,
          interests.watcher,
          read -> onReadAgain(watched, interests, read, changedChildren(read), regular));
    } else if (interests.waitOnlyForCreation()) {
      handle.exists(watched.path, interests.watcher, found -> {
        interests.armed |= found.code() == Code.NONODE;
        onReadAgain(watched, interests, found, changedOrAbsent(found), regular);
      });
    } else {
      handle.getData(
          watched.path,
          interests.watcher,
          read -> onReadAgain(watched, interests, read, changedData(read), regular));
    }
  }

  private void onReadAgain(
      Watched watched, Interests interests, Answer<?> read, long changed, boolean regular) {
    interests.readingAgain = false;
    if (read.isOk()) {
      interests.armed = true;
    } else if (!read.isAnswered()) {
      interests.due = timekeeper.nanos(); // at the next tick that finds a connection
    }
    if (read.isOk() || read.code() == Code.NONODE) {
      tell(watched, interests, read.isOk() ? changed : ABSENT, regular);
    }
    if (interests.waiting.isEmpty()) {
      forget(watched, interests);
    } else if (read.code() == Code.NONODE && !interests.armed && interests.waitOnlyForCreation()) {
      readAgain(watched, interests, regular); // by the request that sets a watch on a missing node
    }
  }

  /** Delivers a change to all interests that have seen another state. */
  private void tell(Watched watched, Interests interests, long changed, boolean regular) {
    List<Interest> told = new ArrayList<>(interests.waiting);
    told.removeIf(interest -> interest.seen == UNREAD || interest.seen == changed);
    told.forEach(interests.waiting::remove);
    if (regular && !told.isEmpty()) {
      meters.count("zookit.client.changes.missed", 1);
      log.warn("{}: a change was found by reading it again, no event told of it", watched.path);
    }
    for (Interest interest : told) {
      EventType type = changed == ABSENT
          ? EventType.NodeDeleted
          : interest.seen == ABSENT ? EventType.NodeCreated : watched.change();
      deliver(
          watched,
          interest,
          new WatchedEvent(type, KeeperState.SyncConnected, watched.path.value()));
    }
  }

  /** Delivers to one interest whatever another one has thrown. */
  private static void deliver(Watched watched, Interest interest, WatchedEvent event) {
    try {
      interest.listener.accept(event);
    } catch (Throwable e) {
      log.error("{}: a listener of a change failed", watched.path, e);
    }
  }

  private long dueAfter(Watched watched) {
    long spread = Math.floorMod(watched.path.hashCode(), SPREAD) * (PERIOD.toNanos() / 2 / SPREAD);
    return timekeeper.nanos() + PERIOD.toNanos() + spread;
  }

  private void startTicking() {
    if (readsRegularly && !ticking) {
      ticking = true;
      timekeeper.after(TICK, () -> loop.execute(this::tick));
    }
  }

  private void tick() {
    ticking = false;
    if (handle.isOver() || table.isEmpty()) {
      return;
    }
    if (handle.isConnected()) {
      long now = timekeeper.nanos();
      Map<Watched, Interests> due = new HashMap<>(table);
      due.values().removeIf(interests -> interests.due - now > 0);
      due.forEach((watched, interests) -> readAgain(watched, interests, interests.armed));
    }
    startTicking();
  }
}
