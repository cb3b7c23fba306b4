package io.zookit.core.internal.lineage;

import io.zookit.core.ClientObserver;
import io.zookit.core.IncarnationException;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.node.NodeSpace;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.ZxidWatermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the incarnation known, and notices data that is not the data this process knew.
 *
 * <pre>
 *   /&lt;root&gt;/~incarnation   PERSISTENT, a number; made as 1 by the first client, raised by an operator
 * </pre>
 *
 * <p>At every connect the node is read after a {@code sync}. Data is <i>strange</i> when the node is gone, when its number
 * went back, when it is another node with the same number, or when a create was given a transaction number that had
 * been passed before. Strange data stays strange until a greater number than the known one is read: then an operator
 * has said that the present data is right.
 */
public final class IncarnationKeeper {

  private static final Logger log = LoggerFactory.getLogger(IncarnationKeeper.class);

  /** The greatest number; from there on an operator cannot raise it any more. */
  public static final long GREATEST = Long.MAX_VALUE / 2;

  static final RecordCodec<Incarnation> CODEC = RecordCodec.of(Incarnation.class, 1);

  /** The data of the node. */
  record Incarnation(@Stored("number") long number) {

    Incarnation {
      if (number < 0 || number > GREATEST) {
        throw new IllegalArgumentException(
            "number: " + number + " (expected: 0 to " + GREATEST + ")");
      }
    }
  }

  /**
   * The number and the node it was read from. Transaction numbers alone do not tell two nodes apart: the first clients of
   * two empty ensembles do the same things in the same order.
   */
  private record Known(long number, long czxid, long ctime) {

    static Known read(long number, Stat stat) {
      return new Known(number, stat.getCzxid(), stat.getCtime());
    }

    boolean isOfAnotherNode(Known other) {
      return czxid != other.czxid || ctime != other.ctime;
    }
  }

  /** The state of trust; {@code strange} holds the reason of a mismatch, {@code refused} ZooKeeper's refusal. */
  private record Belief(
      @Nullable Known known,
      @Nullable String strange,
      @Nullable Code refused) {

    static Belief in(@Nullable Known known) {
      return new Belief(known, null, null);
    }
  }

  private final NodeSpace client;
  private final String chroot;
  private final ZkPath path;
  private final ClientObserver observer;
  private final ZxidWatermark watermark = new ZxidWatermark(this::onRegression);
  private volatile Belief belief = Belief.in(null);
  private Consumer<SessionHandle> changed = handle -> {};
  private Consumer<String> regressed = reason -> {};
  private final NodeFollower<SessionHandle.Node> follower;
  private @Nullable SessionHandle session;

  /** Checks that are to be answered when the node was created. */
  private List<Consumer<Boolean>> waiting = new ArrayList<>();

  private int checks;
  private boolean creating;

  public IncarnationKeeper(NodeSpace client, String chroot, ClientObserver observer) {
    this.client = client;
    this.chroot = chroot;
    this.path = client.rootPath().own("~incarnation");
    this.observer = observer;
    this.follower = NodeFollower.ofUnsharedData(client, path, this::onRead)
        .before(handle -> handle.sync(path, synced -> {}));
  }

  ZkPath path() {
    return path;
  }

  byte[] encode(long number) {
    return CODEC.encode(new Incarnation(number));
  }

  Decoded<Incarnation> decode(byte[] data) {
    return CODEC.decode(data);
  }

  /** Sets the comparison to run after a change of the node, and the receiver of regressions of transaction numbers. */
  public void whenChanged(Consumer<SessionHandle> changed, Consumer<String> regressed) {
    this.changed = changed;
    this.regressed = regressed;
  }

  public ZxidWatermark watermark() {
    return watermark;
  }

  /**
   * The number in force, from any thread.
   *
   * @throws ZkUnavailableException before it was first read
   * @throws IncarnationException if the node holds no number this version can read
   * @throws ZkException if ZooKeeper refused to return or to create it
   */
  public long number() {
    Belief now = belief;
    if (now.known != null) {
      return now.known.number;
    }
    requireShown();
    throw now.strange == null
        ? new ZkUnavailableException(path + ": not read yet; nothing was sent")
        : new IncarnationException(path + ": " + now.strange);
  }

  /**
   * Fails if ZooKeeper refuses to return or to create the node. Unreadable content does not count: only what needs a
   * token needs the number.
   */
  public void requireShown() {
    Belief now = belief;
    if (now.known == null && now.refused != null) {
      throw now.refused == Code.NOAUTH || now.refused == Code.INVALIDACL
          ? KeeperErrors.of(now.refused, path)
          : new ZkException(path + ": " + now.strange);
    }
  }

  /** The number in force, when the data can be trusted. */
  public long trusted() {
    requireTrusted();
    return number();
  }

  /** Fails if the data are not those that were known; from any thread. */
  public void requireTrusted() {
    Belief now = belief;
    if (now.known != null && now.strange != null) {
      throw new IncarnationException(
          path + ": " + now.strange + "; an operator must raise the incarnation");
    }
  }

  /**
   * Reads the node, creates it if it is missing, and compares. On the loop.
   *
   * @param compared receives whether there was an answer
   */
  public void check(SessionHandle handle, Consumer<Boolean> compared) {
    if (!handle.isOver()) {
      session = handle;
    }
    checks++;
    follower.refresh(handle, answered -> {
      checks--;
      if (creating) {
        waiting.add(compared);
      } else {
        compared.accept(answered);
      }
    });
  }

  private void onRead(Answer<SessionHandle.Node> read) {
    SessionHandle handle = Objects.requireNonNull(session);
    if (read.isOk()) {
      compare(read.get());
    } else if (read.code() == Code.NONODE && belief.known == null) {
      create(handle);
    } else if (read.code() == Code.NONODE) {
      toStrange("the node is gone, the data was wiped", null);
    } else {
      toStrange("it cannot be read (" + read.code() + ")", read.code());
    }
    if (checks == 0 && !creating) {
      changed.accept(handle);
    }
  }

  /** Removes the watcher from a session that continues without this client. */
  public void forget() {
    follower.close();
  }

  private void create(SessionHandle handle) {
    if (creating) {
      return;
    }
    creating = true;
    byte[] first = CODEC.encode(new Incarnation(1));
    CreateWithParents.<SessionHandle.Created>of(
            handle,
            Folders.root(client),
            reply -> handle.create(path, first, client.acl(path), CreateMode.PERSISTENT, reply),
            made -> onCreated(handle, made))
        .sendWithFolders();
  }

  private void onCreated(SessionHandle handle, Answer<SessionHandle.Created> made) {
    List<Consumer<Boolean>> asked = waiting;
    waiting = new ArrayList<>();
    creating = false;
    if (made.isOk() || made.code() == Code.NODEEXISTS) {
      check(handle, answered -> asked.forEach(each -> each.accept(answered)));
      return;
    }
    if (made.isAnswered()) {
      Code why = made.code();
      toStrange("it cannot be created (" + why + ")" + hint(why), why);
    }
    asked.forEach(each -> each.accept(made.isAnswered()));
  }

  private String hint(Code code) {
    return code == Code.NONODE && !chroot.isEmpty() ? "; is the chroot " + chroot + " there?" : "";
  }

  private void compare(SessionHandle.Node node) {
    Decoded<Incarnation> decoded = CODEC.decode(node.data());
    if (!(decoded instanceof Decoded.Value<Incarnation> read)) {
      toStrange(unreadable(decoded), null);
      return;
    }
    long number = read.value().number();
    Belief now = belief;
    Known known = now.known;
    Known fresh = Known.read(number, node.stat());
    if (known == null) {
      belief = Belief.in(fresh);
    } else if (number > known.number) {
      toRaised(known, fresh);
    } else if (number < known.number) {
      toStrange(
          "it went back from " + known.number + " to " + number + ", the data was restored", null);
    } else if (fresh.isOfAnotherNode(known)) {
      toStrange("it is another node with the same number, the data was wiped", null);
    } else if (now.refused != null) {
      belief = Belief.in(known);
      log.info("{}: can be read again and is still {}", path, number);
    }
  }

  private void toRaised(Known before, Known fresh) {
    watermark.restart();
    belief = Belief.in(fresh);
    log.atInfo()
        .addKeyValue("incarnation", fresh.number)
        .log("{}: raised from {}", path, before.number);
    observer.onIncarnationChanged(before.number, fresh.number);
  }

  private void toStrange(String reason, @Nullable Code refused) {
    Belief now = belief;
    if (now.strange == null || (now.refused != null && refused == null)) {
      belief = new Belief(now.known, reason, refused);
      log.error("{}: {}; nothing is granted until an operator has seen to it", path, reason);
      observer.onIncarnationChanged(knownNumber(), 0);
    }
  }

  private void onRegression() {
    client.loop().execute(() -> {
      String reason = "transaction numbers went back, the data was wiped or restored";
      toStrange(reason, null);
      regressed.accept(reason);
    });
  }

  static String unreadable(Decoded<Incarnation> decoded) {
    String why = decoded instanceof Decoded.TooNew<Incarnation> newer
        ? "it was written by a newer version (format " + newer.version() + ")"
        : "it does not hold a number this version can read";
    return why + "; use the newer version, or replace it with zookit incarnation repair";
  }

  /** The number in force, 0 while there is none or the data cannot be trusted; from any thread. */
  long trustedNumber() {
    Belief now = belief;
    return now.known == null || now.strange != null ? 0 : now.known.number;
  }

  /** The number last believed, 0 before the first; from any thread. */
  long knownNumber() {
    Known known = belief.known;
    return known == null ? 0 : known.number;
  }
}
