package io.zookit.core.internal.lineage;

import io.zookit.core.ClientObserver;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.NodeSpace;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a client's memory of the data in ZooKeeper and compares everything that is read later with it; see {@link
 * Lineage} for the comparison.
 *
 * <pre>
 *   /&lt;root&gt;/~lineage   PERSISTENT, by version; written about once a minute by whichever client finds it unchanged
 *
 *   read ──continued──► remembered
 *     │
 *     ├──raised──► remembered, trusted again, the session is ended
 *     │
 *     └──strange──► read again behind an acknowledged write ──strange again──► suspected, see {@link SuspicionKeeper}
 * </pre>
 *
 * <p>A server that was deposed or lags behind cannot pass the second read: the write is acknowledged by a majority and
 * applied by the server that answers. The write is a delete of a node that never exists, so it changes nothing and needs no
 * permission.
 *
 * <p>Used on the loop, except for methods that say otherwise.
 */
public final class LineageKeeper {

  /**
   * A mismatch with the memory.
   *
   * @param version of the node in which it was found; {@link SuspicionKeeper#NO_VERSION} if the node is gone
   */
  private record Mismatch(String reason, String found, int version) {

    static Mismatch of(String reason, Lineage read) {
      return new Mismatch(reason, read.describe(), read.here().version());
    }
  }

  private static final Logger log = LoggerFactory.getLogger(LineageKeeper.class);

  /** The age at which the newest version is replaced. */
  static final Duration PERIOD = Duration.ofMinutes(1);

  static final String LINEAGE = "~lineage";

  private final NodeSpace space;
  private final ZkPath path;
  private final ZkPath never;
  private final IncarnationKeeper incarnation;
  private final SuspicionKeeper suspicions;
  private final Consumer<SessionHandle> renewal;
  private final SecureRandom random = new SecureRandom();
  private final long renewAfter;
  private volatile @Nullable Lineage known;
  private volatile CompletableFuture<Void> renewed = CompletableFuture.completedFuture(null);

  /** Actions that run once a raise is known here, by its number. */
  private final NavigableMap<Long, List<Runnable>> raises = new TreeMap<>();

  private @Nullable SessionHandle checked;
  private @Nullable SessionHandle ending;
  private long unchangedSince;
  private long lastRead;
  private boolean readOnly;
  private boolean writing;

  /**
   * Creates a keeper without a memory.
   *
   * @param renewal ends a session of the past, so that what was restored with it goes
   */
  public LineageKeeper(
      NodeSpace space,
      IncarnationKeeper incarnation,
      ClientObserver observer,
      Consumer<SessionHandle> renewal) {
    this.space = space;
    this.path = space.rootPath().own(LINEAGE);
    this.never = space.rootPath().own("~tap");
    this.incarnation = incarnation;
    this.suspicions = new SuspicionKeeper(
        space.rootPath(),
        incarnation,
        observer,
        () -> space.acl(space.rootPath().own(SuspicionKeeper.SUSPECT)),
        Folders.root(space),
        handle -> check(handle, compared -> {}));
    this.renewal = renewal;
    this.renewAfter = PERIOD.toNanos() + random.nextLong(PERIOD.toNanos() / 8);
  }

  ZkPath path() {
    return path;
  }

  /** The suspicions that arise from this memory and from those of other clients. */
  public SuspicionKeeper suspicions() {
    return suspicions;
  }

  /** The node that is not empty while restored data are suspected. */
  public ZkPath suspectPath() {
    return suspicions.path();
  }

  /** Takes the result of the watched read of that node. */
  public void onSuspectRead(SessionHandle handle, Answer<Stat> read) {
    suspicions.onRead(handle, read);
  }

  /** Returns the memory; from any thread. */
  public Optional<Lineage> known() {
    return Optional.ofNullable(known);
  }

  /** Done when no session is being ended because of a raise; from any thread. */
  public CompletableFuture<Void> renewed() {
    return renewed;
  }

  /** Takes up what was remembered in an earlier run, if it is more than what is known. */
  public void recall(Lineage kept, Runnable compared) {
    Lineage now = known;
    if (now != null && !(kept.compare(now) instanceof Lineage.LineageComparison.Mismatched)) {
      compared.run();
      return;
    }
    known = kept;
    space
        .handle()
        .filter(SessionHandle::isConnected)
        .ifPresentOrElse(handle -> check(handle, any -> compared.run()), compared);
  }

  /** Returns whether the node should be read because that was last done a minute ago. */
  public boolean isDue() {
    return space.timekeeper().nanos() - lastRead >= PERIOD.toNanos();
  }

  /**
   * Reads the node and compares; creates it if it never existed.
   *
   * @param compared receives whether there was an answer
   */
  public void check(SessionHandle handle, Consumer<Boolean> compared) {
    lastRead = space.timekeeper().nanos();
    handle.getData(path, null, read -> onRead(handle, read, false, compared));
  }

  private void onRead(
      SessionHandle handle,
      Answer<SessionHandle.Node> read,
      boolean behindAWrite,
      Consumer<Boolean> compared) {
    if (handle.isOver() || !read.isAnswered()) {
      compared.accept(false);
      return;
    }
    Lineage before = known;
    if (read.code() == Code.NONODE) {
      if (before == null) {
        create(handle);
        compared.accept(true);
      } else {
        onStrange(
            handle,
            new Mismatch(
                "the node is gone, the data were wiped", "nothing", SuspicionKeeper.NO_VERSION),
            behindAWrite,
            compared);
      }
    } else if (!read.isOk()) {
      log.debug("{}: cannot be read ({})", path, read.code());
      compared.accept(true);
    } else {
      Decoded<LineageRecord> decoded = LineageRecord.CODEC.decode(read.get().data());
      if (decoded instanceof Decoded.Value<LineageRecord> value) {
        compare(handle, Lineage.of(value.value(), read.get().stat()), behindAWrite, compared);
      } else if (decoded instanceof Decoded.TooNew<LineageRecord> || before == null) {
        log.debug("{}: cannot be understood by this version", path);
        compared.accept(true);
      } else {
        int version = read.get().stat().getVersion();
        onStrange(
            handle,
            new Mismatch("the node is damaged", "damaged", version),
            behindAWrite,
            compared);
      }
    }
  }

  private void compare(
      SessionHandle handle, Lineage read, boolean behindAWrite, Consumer<Boolean> compared) {
    Lineage before = known;
    Lineage.LineageComparison comparison =
        before == null ? new Lineage.LineageComparison.Continued() : before.compare(read);
    if (comparison instanceof Lineage.LineageComparison.Mismatched strange) {
      onStrange(handle, Mismatch.of(strange.reason(), read), behindAWrite, compared);
    } else if (incarnation.knownNumber() > 0 && incarnation.knownNumber() < read.incarnation()) {
      String reason = "the incarnation " + incarnation.knownNumber()
          + " is less than that of the lineage, " + read.incarnation();
      onStrange(handle, Mismatch.of(reason, read), behindAWrite, compared);
    } else {
      if (before != null && before.isBeyondReachOf(read)) {
        log.warn("{}: more leaders than are remembered since the last read; not compared", path);
      }
      remember(handle, read);
      if (comparison instanceof Lineage.LineageComparison.Raised) {
        log.info("{}: an operator has said that the data are right; the session ends", path);
        renew(handle);
      }
      reportRaises(read);
      compared.accept(true);
    }
  }

  /**
   * Runs an action once this client has read a raise to at least a number and trusts the data again. A connection that is
   * lost right after the raise delays it until the next one.
   */
  public void whenRaised(long least, Runnable action) {
    raises.computeIfAbsent(least, number -> new ArrayList<>()).add(action);
    Lineage now = known;
    if (now != null) {
      reportRaises(now);
    }
  }

  private void reportRaises(Lineage now) {
    long number = Math.min(now.incarnation(), incarnation.trustedNumber());
    Map<Long, List<Runnable>> past = raises.headMap(number, true);
    List<Runnable> due = past.values().stream().flatMap(List::stream).toList();
    past.clear();
    due.forEach(Runnable::run);
  }

  private void remember(SessionHandle handle, Lineage read) {
    Lineage before = known;
    long now = space.timekeeper().nanos();
    boolean first = !handle.equals(checked);
    checked = handle;
    known = read;
    suspicions.withdraw();
    if (before == null || !before.here().equals(read.here())) {
      unchangedSince = now;
    }
    if (first) {
      readOnly = false;
      endRenewal(handle);
    }
    boolean old = first && isOld(read);
    if ((old || now - unchangedSince >= renewAfter)
        && suspicions.current().isEmpty()
        && !readOnly
        && !writing) {
      write(handle, read);
    }
  }

  /** By this process's clock, which may be wrong: then the node is written at each new session, or by others. */
  private boolean isOld(Lineage read) {
    long millis = space.timekeeper().now().toEpochMilli() - read.modified();
    return Math.abs(millis) > PERIOD.toMillis();
  }

  private void write(SessionHandle handle, Lineage read) {
    writing = true;
    LineageRecord next = read.next(randomHex(4));
    byte[] data = LineageRecord.CODEC.encode(next);
    handle.setData(path, data, read.here().version(), set -> {
      writing = false;
      if (set.isOk()) {
        Lineage mine = Lineage.of(next, set.get());
        if (read.equals(known)) {
          known = mine;
          unchangedSince = space.timekeeper().nanos();
        }
      } else if (set.code() == Code.NOAUTH) {
        readOnly = true;
      }
    });
  }

  private void create(SessionHandle handle) {
    LineageRecord first =
        LineageRecord.first(randomHex(16), Math.max(1, incarnation.knownNumber()), randomHex(4));
    byte[] data = LineageRecord.CODEC.encode(first);
    handle.create(path, data, space.acl(path), CreateMode.PERSISTENT, made -> {
      if (made.isOk()) {
        known = Lineage.of(first, made.get().stat());
        checked = handle;
        unchangedSince = space.timekeeper().nanos();
      } else if (made.code() == Code.NODEEXISTS) {
        check(handle, any -> {});
      } else if (made.isAnswered()) {
        log.debug("{}: cannot be created ({})", path, made.code());
      }
    });
  }

  /** Confirms a mismatch by a read behind an acknowledged write of this session, which a majority has. */
  private void onStrange(
      SessionHandle handle, Mismatch mismatch, boolean behindAWrite, Consumer<Boolean> compared) {
    if (behindAWrite) {
      alarm(handle, mismatch);
      compared.accept(true);
      return;
    }
    handle.delete(never, Integer.MAX_VALUE, written -> {
      if (!written.isAnswered()) {
        compared.accept(false);
        return;
      }
      incarnation.check(handle, any -> {});
      handle.getData(path, null, read -> onRead(handle, read, true, compared));
    });
  }

  private void alarm(SessionHandle handle, Mismatch mismatch) {
    Lineage remembered = known;
    checked = handle;
    endRenewal(handle);
    RestoreSuspicion suspicion = new RestoreSuspicion(
        space.label(),
        mismatch.reason,
        greatestNumber(),
        remembered == null ? "nothing" : remembered.describe(),
        mismatch.found);
    suspicions.suspect(handle, suspicion, mismatch.version);
  }

  /** Transaction numbers went back under a create, which no deposed leader acknowledges. */
  public void onRegression(String reason) {
    RestoreSuspicion suspicion =
        new RestoreSuspicion(space.label(), reason, greatestNumber(), "unknown", "unknown");
    space
        .handle()
        .filter(SessionHandle::isConnected)
        .ifPresent(handle -> suspicions.publish(handle, suspicion, SuspicionKeeper.NO_VERSION));
  }

  /** The greatest incarnation that this client knows of. */
  long greatestNumber() {
    Lineage remembered = known;
    return Math.max(
        incarnation.knownNumber(),
        Math.max(
            remembered == null ? 0 : remembered.incarnation(), suspicions.publishedIncarnation()));
  }

  private void renew(SessionHandle handle) {
    ending = handle;
    renewed = new CompletableFuture<>();
    renewal.accept(handle);
  }

  private void endRenewal(SessionHandle handle) {
    if (!handle.equals(ending)) {
      renewed.complete(null);
    }
  }

  /** Ends all waiting for a new session. */
  public void close() {
    renewed.complete(null);
  }

  String randomHex(int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }
}
