package io.zookit.core.internal.lineage;

import io.zookit.core.ClientObserver;
import io.zookit.core.IncarnationException;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
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
 *   /&lt;root&gt;/~suspect   PERSISTENT, missing or empty unless restored data are suspected; watched by every client
 *
 *   read ──continued──► remembered
 *     │
 *     ├──raised──► remembered, trusted again, the session is ended
 *     │
 *     └──strange──► read again behind an acknowledged write ──strange again──► suspected, ~suspect written
 * </pre>
 *
 * <p>A server that was deposed or lags behind cannot pass the second read: the write is acknowledged by a majority and
 * applied by the server that answers. The write is a delete of a node that never exists, so it changes nothing and needs no
 * permission.
 *
 * <p>A suspicion names the greatest incarnation that its author knew. Once a greater one is in force, an operator has
 * answered it: it is void, also when it was written behind the raise.
 *
 * <p>Lives on the loop, but for what says otherwise.
 */
public final class LineageKeeper {

  /** There is no lineage whose version could be checked. */
  private static final int NO_VERSION = -1;

  /**
   * What does not match the memory.
   *
   * @param version of the node in which it was found; {@link #NO_VERSION} if the node is gone
   */
  private record Mismatch(String reason, String found, int version) {

    static Mismatch of(String reason, Lineage read) {
      return new Mismatch(reason, read.describe(), read.here().version());
    }
  }

  private static final Logger log = LoggerFactory.getLogger(LineageKeeper.class);

  /** How old the newest version may get before it is replaced. */
  static final Duration PERIOD = Duration.ofMinutes(1);

  /** What is suspected until the content of the node is read. */
  private static final RestoreSuspicion UNREAD =
      new RestoreSuspicion("another client", "restored data are suspected", 0, "", "");

  static final String LINEAGE = "~lineage";
  public static final String SUSPECT = "~suspect";

  private final CoreClient client;
  private final ZkPath path;
  private final ZkPath suspectPath;
  private final ZkPath never;
  private final IncarnationKeeper incarnation;
  private final ClientObserver observer;
  private final Consumer<SessionHandle> renewal;
  private final SecureRandom random = new SecureRandom();
  private final long patience;
  private volatile @Nullable Lineage known;
  private volatile @Nullable RestoreSuspicion own;
  private volatile @Nullable RestoreSuspicion stored;
  private boolean reported;
  private volatile CompletableFuture<Void> renewed = CompletableFuture.completedFuture(null);
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
      CoreClient client,
      IncarnationKeeper incarnation,
      ClientObserver observer,
      Consumer<SessionHandle> renewal) {
    this.client = client;
    this.path = client.rootPath().own(LINEAGE);
    this.suspectPath = client.rootPath().own(SUSPECT);
    this.never = client.rootPath().own("~tap");
    this.incarnation = incarnation;
    this.observer = observer;
    this.renewal = renewal;
    this.patience = PERIOD.toNanos() + random.nextLong(PERIOD.toNanos() / 8);
  }

  ZkPath path() {
    return path;
  }

  /** The node that is not empty while restored data are suspected. */
  public ZkPath suspectPath() {
    return suspectPath;
  }

  /** Why nothing is granted; from any thread. */
  public Optional<RestoreSuspicion> suspicion() {
    return Optional.ofNullable(own).or(this::unanswered);
  }

  /** What stands in the node, unless an operator has answered it by a raise. */
  private Optional<RestoreSuspicion> unanswered() {
    return Optional.ofNullable(stored).filter(told -> !isAnswered(told));
  }

  private boolean isAnswered(RestoreSuspicion told) {
    return told.incarnation() > 0 && told.incarnation() < incarnation.trustedNumber();
  }

  /** Fails while restored data are suspected; from any thread. */
  public void requireTrusted() {
    suspicion().ifPresent(now -> {
      throw new IncarnationException(client.rootPath() + ": " + now.reason() + " (noticed by "
          + now.by() + "); an operator must raise the incarnation");
    });
  }

  /** What is remembered; from any thread. */
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
    if (now != null && !(kept.compare(now) instanceof Lineage.Verdict.Strange)) {
      compared.run();
      return;
    }
    known = kept;
    client
        .handle()
        .filter(SessionHandle::isConnected)
        .ifPresentOrElse(handle -> check(handle, any -> compared.run()), compared);
  }

  /** Whether the node should be read because that was last done a minute ago. */
  public boolean isDue() {
    return client.timekeeper().nanos() - lastRead >= PERIOD.toNanos();
  }

  /**
   * Reads the node and compares; creates it if no client ever did.
   *
   * @param compared told whether there was an answer
   */
  public void check(SessionHandle handle, Consumer<Boolean> compared) {
    lastRead = client.timekeeper().nanos();
    handle.getData(path, null, read -> onRead(handle, read, false, compared));
  }

  /** Told what the watched read of the suspect node showed: it is empty, or missing, while nothing is suspected. */
  public void onSuspectRead(SessionHandle handle, Answer<Stat> there) {
    if (there.isOk() && there.get().getDataLength() > 0) {
      if (stored == null) {
        stored = UNREAD;
      }
      handle.getData(suspectPath, null, this::onSuspectContent);
    } else if (stored != null) {
      stored = null;
      reported = false;
      log.info("{}: nothing is suspected any more", suspectPath);
    }
  }

  private void onSuspectContent(Answer<SessionHandle.Node> read) {
    if (!read.isOk() || stored == null) {
      return; // read again at the reconnect, or when the watch tells
    }
    RestoreSuspicion told =
        SuspectRecord.CODEC.decode(read.get().data()) instanceof Decoded.Value<SuspectRecord> value
            ? value.value().suspicion()
            : UNREAD;
    stored = told;
    if (isAnswered(told)) {
      reported = false;
      log.info("{}: answered by a raise of the incarnation: {}", suspectPath, told);
    } else if (!reported) {
      reported = true;
      log.error(
          "{}: {} (noticed by {}); nothing is granted until an operator has seen to it",
          suspectPath,
          told.reason(),
          told.by());
      observer.onIncarnationChanged(incarnation.knownNumber(), 0);
    }
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
            new Mismatch("the node is gone, the data were wiped", "nothing", NO_VERSION),
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
    Lineage.Verdict verdict =
        before == null ? new Lineage.Verdict.Continued() : before.compare(read);
    if (verdict instanceof Lineage.Verdict.Strange strange) {
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
      if (verdict instanceof Lineage.Verdict.Raised) {
        log.info("{}: an operator has said that the data are right; the session ends", path);
        renew(handle);
      }
      compared.accept(true);
    }
  }

  private void remember(SessionHandle handle, Lineage read) {
    Lineage before = known;
    long now = client.timekeeper().nanos();
    boolean first = !handle.equals(checked);
    checked = handle;
    known = read;
    if (own != null) {
      own = null;
      log.info("{}: the data can be trusted again", path);
    }
    if (before == null || !before.here().equals(read.here())) {
      unchangedSince = now;
    }
    if (first) {
      readOnly = false;
      endRenewal(handle);
    }
    boolean old = first && isOld(read);
    if ((old || now - unchangedSince >= patience)
        && unanswered().isEmpty()
        && !readOnly
        && !writing) {
      write(handle, read);
    }
  }

  /** By this process's clock, which may be wrong: then the node is written at each new session, or by others. */
  private boolean isOld(Lineage read) {
    long millis = client.timekeeper().now().toEpochMilli() - read.modified();
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
          unchangedSince = client.timekeeper().nanos();
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
    handle.create(path, data, client.acl(path), CreateMode.PERSISTENT, made -> {
      if (made.isOk()) {
        known = Lineage.of(first, made.get().stat());
        checked = handle;
        unchangedSince = client.timekeeper().nanos();
      } else if (made.code() == Code.NODEEXISTS) {
        check(handle, any -> {});
      } else if (made.isAnswered()) {
        log.debug("{}: cannot be created ({})", path, made.code());
      }
    });
  }

  /** What is read behind an acknowledged write of this session is what a majority has. */
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
    RestoreSuspicion before = own;
    String remembered =
        known == null ? "nothing" : Objects.requireNonNull(known).describe();
    RestoreSuspicion now = new RestoreSuspicion(
        client.label(), mismatch.reason, greatestNumber(), remembered, mismatch.found);
    own = now;
    checked = handle;
    endRenewal(handle);
    if (before == null) {
      log.error(
          "{}: {}; remembered: {}, found: {}; nothing is granted until an operator has seen to it",
          path,
          mismatch.reason,
          remembered,
          mismatch.found);
      observer.onIncarnationChanged(incarnation.knownNumber(), 0);
    }
    publish(handle, now, mismatch.version);
  }

  /** Transaction numbers went back under a create, which no deposed leader acknowledges. */
  public void onRegression(String reason) {
    client
        .handle()
        .filter(SessionHandle::isConnected)
        .ifPresent(handle -> publish(
            handle,
            new RestoreSuspicion(client.label(), reason, greatestNumber(), "unknown", "unknown"),
            NO_VERSION));
  }

  /**
   * Tells all clients; one that may not write keeps its suspicion to itself. The lineage is checked in the same
   * transaction: an operator who raised the incarnation meanwhile has rewritten it, and the suspicion is void.
   *
   * @param version of the lineage that does not match; {@link #NO_VERSION} if there is none
   */
  private void publish(SessionHandle handle, RestoreSuspicion suspicion, int version) {
    if (unanswered().isPresent()) {
      return;
    }
    byte[] data = SuspectRecord.CODEC.encode(SuspectRecord.of(suspicion));
    handle.multi(
        guarded(version, Op.setData(suspectPath.value(), data, -1)),
        set -> onWritten(handle, version, set, () -> {
          Folders.root(client).ensure(handle, ready -> {});
          createSuspect(handle, version, data);
        }));
  }

  private List<Op> guarded(int version, Op write) {
    return version == NO_VERSION ? List.of(write) : List.of(Op.check(path.value(), version), write);
  }

  /**
   * Follows the answer to a write of the suspect node.
   *
   * @param missing runs if the node does not exist
   */
  private void onWritten(
      SessionHandle handle, int version, Answer<List<OpResult>> written, Runnable missing) {
    if (written.isOk()) {
      log.debug("{}: written", suspectPath);
    } else if (!written.isAnswered() || written.code() == Code.NODEEXISTS) {
      log.debug("{}: not written ({})", suspectPath, written.code());
    } else if (version != NO_VERSION && isRefusedAtFirst(written)) {
      check(handle, compared -> {}); // the lineage was rewritten meanwhile
    } else if (written.code() == Code.NONODE) {
      missing.run();
    } else {
      log.warn(
          "{}: cannot be written ({}); other clients are not told", suspectPath, written.code());
    }
  }

  private static boolean isRefusedAtFirst(Answer<List<OpResult>> written) {
    return (written.code() == Code.BADVERSION || written.code() == Code.NONODE)
        && written.value() != null
        && written.value().get(0) instanceof OpResult.ErrorResult first
        && first.getErr() == written.code().intValue();
  }

  private void createSuspect(SessionHandle handle, int version, byte[] data) {
    Op create =
        Op.create(suspectPath.value(), data, client.acl(suspectPath), CreateMode.PERSISTENT);
    handle.multi(
        guarded(version, create),
        made -> onWritten(
            handle,
            version,
            made,
            () -> log.warn("{}: cannot be created; other clients are not told", suspectPath)));
  }

  /** The greatest incarnation that this client knows of. */
  long greatestNumber() {
    Lineage remembered = known;
    RestoreSuspicion told = stored;
    return Math.max(
        incarnation.knownNumber(),
        Math.max(
            remembered == null ? 0 : remembered.incarnation(),
            told == null ? 0 : told.incarnation()));
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
