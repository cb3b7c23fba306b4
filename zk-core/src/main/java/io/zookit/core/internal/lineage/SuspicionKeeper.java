package io.zookit.core.internal.lineage;

import io.zookit.core.ClientObserver;
import io.zookit.core.IncarnationException;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the suspicion that the data in ZooKeeper were restored: the one of this client, which it publishes, and the one
 * that any client published.
 *
 * <pre>
 *   /&lt;root&gt;/~suspect   PERSISTENT, missing or empty unless restored data are suspected; watched by every client
 * </pre>
 *
 * <p>Nothing is granted while there is one of the two. That of this client ends when the data match its memory again, the
 * published one when the node is emptied.
 *
 * <p>A suspicion names the greatest incarnation that its author knew. Once a greater one is in force, an operator has
 * answered it: it is void, also if it is written after the raise.
 *
 * <p>Used on the loop, except for methods that say otherwise.
 */
public final class SuspicionKeeper {

  /** The name of the node, below the root. */
  public static final String SUSPECT = "~suspect";

  /** There is no lineage whose version could be checked. */
  static final int NO_VERSION = -1;

  private static final Logger log = LoggerFactory.getLogger(SuspicionKeeper.class);

  /** The suspicion until the content of the node is read. */
  private static final RestoreSuspicion UNREAD =
      new RestoreSuspicion("another client", "restored data are suspected", 0, "", "");

  private final ZkPath root;
  private final ZkPath path;
  private final ZkPath lineage;
  private final IncarnationKeeper incarnation;
  private final ClientObserver observer;
  private final Supplier<List<ACL>> acl;
  private final Folders parents;
  private final Consumer<SessionHandle> rewritten;
  private volatile @Nullable RestoreSuspicion own;
  private volatile @Nullable RestoreSuspicion stored;
  private boolean reported;

  /**
   * Creates a keeper that suspects nothing.
   *
   * @param acl the access list of the node if it is created
   * @param parents the folders above the node, which are created if they are missing
   * @param rewritten notified if a suspicion was not published because the lineage was written since it was read
   */
  SuspicionKeeper(
      ZkPath root,
      IncarnationKeeper incarnation,
      ClientObserver observer,
      Supplier<List<ACL>> acl,
      Folders parents,
      Consumer<SessionHandle> rewritten) {
    this.root = root;
    this.path = root.own(SUSPECT);
    this.lineage = root.own(LineageKeeper.LINEAGE);
    this.incarnation = incarnation;
    this.observer = observer;
    this.acl = acl;
    this.parents = parents;
    this.rewritten = rewritten;
  }

  /** The node that is not empty while restored data are suspected. */
  public ZkPath path() {
    return path;
  }

  /** Returns the suspicion because of which nothing is granted; from any thread. */
  public Optional<RestoreSuspicion> current() {
    return Optional.ofNullable(own).or(this::unanswered);
  }

  /** Fails while restored data are suspected; from any thread. */
  public void requireNone() {
    current().ifPresent(now -> {
      throw new IncarnationException(root + ": " + now.reason() + " (noticed by " + now.by()
          + "); an operator must raise the incarnation");
    });
  }

  /** Returns the published suspicion, unless an operator has answered it by a raise. */
  private Optional<RestoreSuspicion> unanswered() {
    return Optional.ofNullable(stored).filter(published -> !isAnswered(published));
  }

  private boolean isAnswered(RestoreSuspicion published) {
    return published.incarnation() > 0 && published.incarnation() < incarnation.trustedNumber();
  }

  /** The greatest incarnation that the author of the published suspicion knew; 0 if there is none. */
  long publishedIncarnation() {
    RestoreSuspicion published = stored;
    return published == null ? 0 : published.incarnation();
  }

  /** Takes the result of the watched read of the node: nothing is suspected while it is empty or missing. */
  public void onRead(SessionHandle handle, Answer<Stat> read) {
    if (read.isOk() && read.get().getDataLength() > 0) {
      if (stored == null) {
        stored = UNREAD;
      }
      handle.getData(path, null, this::onContent);
    } else if (stored != null) {
      stored = null;
      reported = false;
      log.info("{}: nothing is suspected any more", path);
    }
  }

  private void onContent(Answer<SessionHandle.Node> read) {
    if (!read.isOk() || stored == null) {
      return; // read again at the reconnect, or at the next event of the watch
    }
    RestoreSuspicion published =
        SuspectRecord.CODEC.decode(read.get().data()) instanceof Decoded.Value<SuspectRecord> value
            ? value.value().suspicion()
            : UNREAD;
    stored = published;
    if (isAnswered(published)) {
      reported = false;
      log.info("{}: answered by a raise of the incarnation: {}", path, published);
    } else if (!reported) {
      reported = true;
      log.error(
          "{}: {} (noticed by {}); nothing is granted until an operator has seen to it",
          path,
          published.reason(),
          published.by());
      observer.onIncarnationChanged(incarnation.knownNumber(), 0);
    }
  }

  /**
   * Suspects the data and publishes it.
   *
   * @param version of the lineage that does not match; {@link #NO_VERSION} if there is none
   */
  void suspect(SessionHandle handle, RestoreSuspicion suspicion, int version) {
    RestoreSuspicion before = own;
    own = suspicion;
    if (before == null) {
      log.error(
          "{}: {}; remembered: {}, found: {}; nothing is granted until an operator has seen to it",
          lineage,
          suspicion.reason(),
          suspicion.known(),
          suspicion.found());
      observer.onIncarnationChanged(incarnation.knownNumber(), 0);
    }
    publish(handle, suspicion, version);
  }

  /** Ends the suspicion of this client; a published one stays until it is answered. */
  void withdraw() {
    if (own != null) {
      own = null;
      log.info("{}: the data can be trusted again", lineage);
    }
  }

  /**
   * Publishes a suspicion to all clients; one that may not write keeps it to itself. The lineage is checked in the same
   * transaction: a raise of the incarnation meanwhile has rewritten it, and the suspicion is void.
   *
   * @param version of the lineage that does not match; {@link #NO_VERSION} if there is none
   */
  void publish(SessionHandle handle, RestoreSuspicion suspicion, int version) {
    if (unanswered().isPresent()) {
      return;
    }
    byte[] data = SuspectRecord.CODEC.encode(SuspectRecord.of(suspicion));
    handle.multi(
        guarded(version, Op.setData(path.value(), data, -1)),
        set -> onWritten(handle, version, set, () -> create(handle, version, data)));
  }

  private List<Op> guarded(int version, Op write) {
    return version == NO_VERSION
        ? List.of(write)
        : List.of(Op.check(lineage.value(), version), write);
  }

  /**
   * Follows the answer to a write of the node.
   *
   * @param missing runs if the node does not exist
   */
  private void onWritten(
      SessionHandle handle, int version, Answer<List<OpResult>> written, Runnable missing) {
    if (written.isOk()) {
      log.debug("{}: written", path);
    } else if (version != NO_VERSION && isRefusedAtFirst(written)) {
      rewritten.accept(handle);
    } else if (written.code() == Code.NONODE) {
      missing.run();
    } else if (written.code() == Code.NOAUTH || written.code() == Code.INVALIDACL) {
      log.warn("{}: cannot be written ({}); other clients are not notified", path, written.code());
    } else {
      log.info("{}: not written ({})", path, written.code()); // not sent, or created meanwhile
    }
  }

  private static boolean isRefusedAtFirst(Answer<List<OpResult>> written) {
    return (written.code() == Code.BADVERSION || written.code() == Code.NONODE)
        && Multi.isRefusedAt(0, written);
  }

  private void create(SessionHandle handle, int version, byte[] data) {
    Op create = Op.create(path.value(), data, acl.get(), CreateMode.PERSISTENT);
    CreateWithParents.<List<OpResult>>of(
            handle,
            parents,
            reply -> handle.multi(guarded(version, create), reply),
            made -> onWritten(
                handle,
                version,
                made,
                () -> log.warn("{}: cannot be created; other clients are not notified", path)))
        .missingIf(made -> version == NO_VERSION || !isRefusedAtFirst(made))
        .sendWithFolders();
  }
}
