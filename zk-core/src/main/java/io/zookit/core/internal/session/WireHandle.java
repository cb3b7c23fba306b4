package io.zookit.core.internal.session;

import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.path.ZkPath;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.AsyncCallback.StringCallback;
import org.apache.zookeeper.AsyncCallback.VoidCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The handle over a real connection.
 *
 * <p>Of a {@linkplain ConnectionKind#KEPT kept} session several handles of the library serve one after the other ({@link
 * #attach}). Each begins without watches and without knowledge of what the session has seen: watches that the one before
 * had are reported as removed, so that their owners set them again, and a {@code sync} comes first.
 */
public final class WireHandle implements SessionHandle {

  enum Phase {
    CONNECTED,
    DISCONNECTED,
    OVER
  }

  private static final byte[] NO_DATA = {};
  private static final Pattern SERVER = Pattern.compile("remoteserver:([^ ]+:\\d+)");

  private final long sessionId;
  private final String chroot;
  private final SerialLane loop;
  private final SessionDeadline deadline;
  private final ZxidWatermark watermark;
  private final Consumer<WireHandle> cutOff;
  private final ConnectionKind kind;

  /** Watchers of a library's handle that has ended, with what they call; used on the loop. */
  private final Map<Watcher, Consumer<WatchedEvent>> unset = new LinkedHashMap<>();

  private volatile ZooKeeper zooKeeper;
  private volatile Phase phase = Phase.DISCONNECTED;
  private volatile byte[] password;

  /** False after {@link #attach} until a sync is answered: the server may be behind what was seen before. */
  private boolean synced = true;

  /**
   * @param cutOff runs on the loop after each answer that shows the loss of the connection. If the client library
   * (3.9.5) was about to remove a watch just then, it mistakes the event of the removal for the one of the loss
   */
  WireHandle(
      ZooKeeper zooKeeper,
      String chroot,
      SerialLane loop,
      Timekeeper timekeeper,
      ZxidWatermark watermark,
      Consumer<WireHandle> cutOff,
      ConnectionKind kind) {
    this.cutOff = cutOff;
    this.kind = kind;
    this.zooKeeper = zooKeeper;
    this.sessionId = zooKeeper.getSessionId();
    this.password = zooKeeper.getSessionPasswd().clone();
    this.chroot = chroot;
    this.loop = loop;
    this.watermark = watermark;
    this.deadline = new SessionDeadline(timekeeper, negotiated(zooKeeper));
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
    return phase == Phase.CONNECTED && remaining() > 0;
  }

  @Override
  public long remaining() {
    return deadline.remaining();
  }

  SessionDeadline deadline() {
    return deadline;
  }

  @Override
  public Duration timeout() {
    return deadline.timeout();
  }

  @Override
  public boolean owns(Stat stat) {
    return stat.getEphemeralOwner() == sessionId;
  }

  @Override
  public void create(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Created>> reply) {
    long sent = send(reply);
    if (sent == REFUSED) {
      return;
    }
    ZxidWatermark.ZxidMark seen = watermark.mark();
    zooKeeper.create(
        path.value(),
        data,
        acl,
        mode,
        (rc, asked, context, made, stat) -> {
          if (rc == 0) {
            watermark.created(stat.getCzxid(), seen);
          }
          answer(sent, rc, rc == 0 ? new Created(new ZkPath(made), stat) : null, reply);
        },
        null);
  }

  @Override
  public void createFolder(
      ZkPath path, byte[] data, List<ACL> acl, CreateMode mode, Consumer<Answer<Boolean>> reply) {
    long sent = send(reply);
    if (sent != REFUSED) {
      StringCallback made = (rc, asked, context, name) -> answer(sent, rc, true, reply);
      zooKeeper.create(path.value(), data, acl, mode, made, null);
    }
  }

  @Override
  public void delete(ZkPath path, int version, Consumer<Answer<Boolean>> reply) {
    long sent = send(reply);
    if (sent != REFUSED) {
      zooKeeper.delete(
          path.value(), version, (rc, asked, context) -> answer(sent, rc, true, reply), null);
    }
  }

  @Override
  public void setData(ZkPath path, byte[] data, int version, Consumer<Answer<Stat>> reply) {
    long sent = send(reply);
    if (sent != REFUSED) {
      zooKeeper.setData(
          path.value(),
          data,
          version,
          (rc, asked, context, stat) -> answerStat(sent, rc, stat, reply),
          null);
    }
  }

  @Override
  public void setAcl(ZkPath path, List<ACL> acl, Consumer<Answer<Boolean>> reply) {
    long sent = send(reply);
    if (sent != REFUSED) {
      zooKeeper.setACL(
          path.value(), acl, -1, (rc, asked, context, stat) -> answer(sent, rc, true, reply), null);
    }
  }

  @Override
  public void getAcl(ZkPath path, Consumer<Answer<AccessList>> reply) {
    long sent = sendRead(reply);
    if (sent != REFUSED) {
      Stat known = new Stat();
      zooKeeper.getACL(
          path.value(),
          known,
          (rc, asked, context, acl, stat) ->
              answer(sent, rc, rc == 0 ? new AccessList(acl, seen(stat)) : null, reply),
          null);
    }
  }

  @Override
  public void getData(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Node>> reply) {
    long sent = sendRead(reply);
    if (sent != REFUSED) {
      zooKeeper.getData(
          path.value(),
          watch,
          (rc, asked, context, data, stat) -> answer(
              sent,
              rc,
              rc == 0 ? new Node(data == null ? NO_DATA : data, seen(stat)) : null,
              reply),
          null);
    }
  }

  @Override
  public void exists(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Stat>> reply) {
    long sent = sendRead(reply);
    if (sent != REFUSED) {
      zooKeeper.exists(
          path.value(),
          watch,
          (rc, asked, context, stat) -> answerStat(sent, rc, stat, reply),
          null);
    }
  }

  @Override
  public void list(ZkPath path, Consumer<Answer<List<String>>> reply) {
    long sent = sendRead(reply);
    if (sent != REFUSED) {
      zooKeeper.getChildren(
          path.value(),
          null,
          (int rc, String asked, Object context, List<String> names) ->
              answer(sent, rc, names, reply),
          null);
    }
  }

  @Override
  public void getChildren(ZkPath path, @Nullable Watcher watch, Consumer<Answer<Children>> reply) {
    long sent = sendRead(reply);
    if (sent != REFUSED) {
      zooKeeper.getChildren(
          path.value(),
          watch,
          (rc, asked, context, names, stat) ->
              answer(sent, rc, rc == 0 ? new Children(names, seen(stat)) : null, reply),
          null);
    }
  }

  @Override
  public void multi(List<Op> operations, Consumer<Answer<List<OpResult>>> reply) {
    boolean reads = !operations.isEmpty() && operations.get(0).getKind() == Op.OpKind.READ;
    long sent = reads ? sendRead(reply) : send(reply);
    if (sent == REFUSED) {
      return;
    }
    ZxidWatermark.ZxidMark seen = watermark.mark();
    zooKeeper.multi(
        operations,
        (rc, asked, context, results) -> {
          // The library makes the first missing node the code of the whole, with results.
          boolean ok = rc == 0 || (reads && results != null && !results.isEmpty());
          if (ok) {
            results.forEach(result -> learn(result, seen));
          }
          answerMulti(sent, ok ? 0 : rc, results, reply);
        },
        null);
  }

  private void learn(OpResult result, ZxidWatermark.ZxidMark seen) {
    if (result instanceof OpResult.CreateResult made && made.getStat() != null) {
      watermark.created(made.getStat().getCzxid(), seen);
    } else if (result instanceof OpResult.GetDataResult read) {
      watermark.seen(read.getStat());
    }
  }

  @Override
  public void sync(ZkPath path, Consumer<Answer<Boolean>> reply) {
    long sent = send(reply);
    if (sent != REFUSED) {
      zooKeeper.sync(path.value(), (rc, asked, context) -> answer(sent, rc, true, reply), null);
    }
  }

  @Override
  public void getEphemerals(Consumer<Answer<Set<ZkPath>>> reply) {
    long sent = sendRead(reply);
    if (sent != REFUSED) {
      // The server matches by bare prefix and ignores chroots: ask for all, compare whole paths.
      zooKeeper.getEphemerals(
          "/",
          (rc, context, paths) ->
              answer(sent, rc, rc == 0 ? ZkPath.below(chroot, paths) : null, reply),
          null);
    }
  }

  @Override
  public void addWatch(
      ZkPath path, Watcher watch, AddWatchMode mode, Consumer<Answer<Boolean>> reply) {
    long sent = sendRead(reply);
    if (sent != REFUSED) {
      zooKeeper.addWatch(
          path.value(), watch, mode, (rc, asked, context) -> answer(sent, rc, true, reply), null);
    }
  }

  @Override
  public boolean isShared() {
    return kind == ConnectionKind.SHARED;
  }

  @Override
  public void removeWatch(
      ZkPath path, Watcher.WatcherType kind, Watcher watcher, Consumer<Answer<Boolean>> reply) {
    // Also while disconnected, or the library would set them again at the reconnect. It answers
    // this one OK when the connection is lost, so no answer to it says that the session lives.
    VoidCallback removed =
        (rc, asked, context) -> loop.execute(() -> reply.accept(answered(rc, true)));
    if (isShared()) {
      // Also after the end: the library's handle may live on and must not keep what the watcher
      // knows.
      zooKeeper.removeWatches(path.value(), watcher, kind, true, removed, null);
    } else if (phase == Phase.OVER) {
      mayBeSent(reply);
    } else {
      unset.remove(watcher);
      zooKeeper.removeAllWatches(path.value(), kind, true, removed, null);
    }
  }

  @Override
  public Watcher watcher(Consumer<WatchedEvent> heard) {
    return new Watcher() {
      @Override
      public void process(WatchedEvent event) {
        if (event.getType() != EventType.None) {
          loop.execute(() -> {
            heard.accept(event);
            if (event.getState() == KeeperState.Disconnected) {
              cutOff.accept(
                  WireHandle.this); // the event of a removal, and the only one of the loss
            }
          });
        } else if (kind == ConnectionKind.KEPT
            && (event.getState() == KeeperState.Expired
                || event.getState() == KeeperState.Closed)) {
          loop.execute(() -> unset.put(this, heard));
        }
      }
    };
  }

  /**
   * Reports the watches that ended with a handle of the library as removed; again after each reconnect, until {@link
   * #forgetUnset}.
   */
  void reportUnset() {
    List<Consumer<WatchedEvent>> owners = List.copyOf(unset.values());
    WatchedEvent removed =
        new WatchedEvent(EventType.DataWatchRemoved, KeeperState.SyncConnected, "/");
    owners.forEach(owner -> owner.accept(removed));
  }

  /** Forgets those watches: the requests that set them again are answered. */
  void forgetUnset() {
    unset.clear();
  }

  /**
   * Takes one watcher off in this process, also after the end: the library's handle may live on and must not keep what
   * the watcher knows.
   */
  public void forget(ZkPath path, Watcher watcher) {
    zooKeeper.removeWatches(
        path.value(), watcher, Watcher.WatcherType.Data, true, (rc, asked, context) -> {}, null);
  }

  public ZooKeeper zooKeeper() {
    return zooKeeper;
  }

  long sessionId() {
    return sessionId;
  }

  /** The server of the connection as {@code name/address:port}, as far as the client library says; else empty. */
  String server() {
    Matcher shown = SERVER.matcher(zooKeeper.toString());
    return shown.find() ? shown.group(1) : "";
  }

  /** The session as one that ended here; taken from the last connect, for the library forgets it. */
  DroppedSession dropped() {
    return new DroppedSession(sessionId, password, timeout(), zooKeeper);
  }

  boolean isOf(ZooKeeper other) {
    return zooKeeper == other && other.getSessionId() == sessionId;
  }

  /** Continues the session with the next handle of the library, which the servers have attached to it. */
  void attach(ZooKeeper next) {
    zooKeeper = next;
    synced = false;
  }

  /** Sends a {@code sync} behind {@link #attach}, so that nothing that follows is answered by an older state. */
  void syncIfAttached(ZkPath path) {
    if (!synced) {
      sync(path, answer -> synced |= answer.isOk());
    }
  }

  /** Another server may grant another timeout. */
  void toConnected() {
    deadline.timeout(negotiated(zooKeeper));
    password = zooKeeper.getSessionPasswd().clone();
    phase = Phase.CONNECTED;
  }

  private static Duration negotiated(ZooKeeper zooKeeper) {
    return Duration.ofMillis(zooKeeper.getSessionTimeout());
  }

  void toDisconnected() {
    phase = Phase.DISCONNECTED;
  }

  void toOver() {
    phase = Phase.OVER;
    unset.clear();
  }

  /** Tells if no own request that was sent within the last {@code nanos} was answered. */
  boolean isQuietFor(long nanos) {
    return deadline.isQuietFor(nanos);
  }

  private static final long REFUSED = Long.MIN_VALUE;

  private <T> long send(Consumer<Answer<T>> reply) {
    return mayBeSent(reply) ? deadline.sending() : REFUSED;
  }

  private <T> long sendRead(Consumer<Answer<T>> reply) {
    return mayBeSent(reply) ? deadline.sendingRead() : REFUSED;
  }

  private <T> boolean mayBeSent(Consumer<Answer<T>> reply) {
    Phase now = phase;
    if (now == Phase.CONNECTED) {
      return true;
    }
    Answer<T> refusal =
        now == Phase.OVER ? new Answer<>(Code.SESSIONEXPIRED, null, false) : Answer.notSent();
    loop.execute(() -> reply.accept(refusal));
    return false;
  }

  /** A refused multi says of each operation what became of it. */
  private void answerMulti(
      long sent, int rc, @Nullable List<OpResult> results, Consumer<Answer<List<OpResult>>> reply) {
    answer(
        sent,
        rc,
        results,
        answer -> reply.accept(new Answer<>(answer.code(), results, answer.sent())));
  }

  private void answerStat(long sent, int rc, @Nullable Stat stat, Consumer<Answer<Stat>> reply) {
    answer(sent, rc, rc == 0 && stat != null ? seen(stat) : null, reply);
  }

  private <T> void answer(long sent, int rc, @Nullable T value, Consumer<Answer<T>> reply) {
    Answer<T> answer = answered(rc, value);
    if (answer.isAnswered()) {
      deadline.answered(sent);
    }
    loop.execute(() -> {
      reply.accept(answer);
      if (answer.code() == Code.CONNECTIONLOSS) {
        cutOff.accept(this);
      }
    });
  }

  /** Returns the outcome; the library calls all expired that ends with its handle, also if the session goes on. */
  private <T> Answer<T> answered(int rc, @Nullable T value) {
    Answer<T> answer = Answer.of(rc, value);
    return answer.code() == Code.SESSIONEXPIRED
            && kind == ConnectionKind.KEPT
            && phase != Phase.OVER
        ? Answer.of(Code.CONNECTIONLOSS)
        : answer;
  }

  private Stat seen(Stat stat) {
    watermark.seen(stat);
    return stat;
  }
}
