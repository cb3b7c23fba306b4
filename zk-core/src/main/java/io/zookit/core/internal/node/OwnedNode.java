package io.zookit.core.internal.node;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ephemeral node that is kept in existence for as long as this object is open. It counts as owned only if this
 * client's session owns it.
 *
 * <p>The node's name holds a <i>nonce</i>, a random number drawn for each session, so the node of an expired session
 * and its successor never have the same name, and no other client ever creates a node of that name. That makes every
 * uncertain step simple: a create whose answer was lost is looked up by name, and a delete may be sent unconditionally.
 *
 * <pre>
 *   WANTED ──create──► CREATING ──OK──► OWNED ◄─────────────┐ verified after a reconnect
 *     ▲  ▲                │ no answer     │ session suspect │
 *     │  └─ absent ── ASKING ◄────────────┴─────────────────┘
 *     └── session lost, or found missing: a new name          any ── close ──► GONE (delete is owed)
 * </pre>
 *
 * <p>Used on the loop; created and driven by {@link OwnedNodes}.
 */
public final class OwnedNode {

  private static final Logger log = LoggerFactory.getLogger(OwnedNode.class);

  /** Receives the transitions of the node, on the loop. */
  public interface Listener {

    /** The node exists and is owned, for the first time or again after a loss. */
    void onOwned(ZkPath path, Stat stat);

    /** The node no longer exists; it will be created again, unless it was retired or is closed now. */
    void onMissing(String reason);

    /** The session ended before its node was known to be gone: the server may keep it until its own timeout. */
    default void onLeftBehind(ZkPath path) {}

    /** The node holds the newest data. */
    default void onWritten() {}

    /** An attempt failed for a reason that may be temporary; the next follows. */
    default void onRetry(Code code) {}
  }

  enum Phase {
    WANTED,
    CREATING,
    ASKING,
    OWNED,
    GONE
  }

  /**
   * The state; {@code path}, {@code handle} and {@code reserved} are present from CREATING on, {@code written} if the
   * data in the node are known.
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity only
  private record State(
      Phase phase,
      @Nullable SessionHandle handle,
      @Nullable ZkPath path,
      EphemeralBudget.@Nullable Reservation reserved,
      byte @Nullable [] written) {

    static final State WANTED = new State(Phase.WANTED, null, null, null, null);

    State to(Phase next) {
      return new State(next, handle, path, reserved, written);
    }

    State toOwned(byte @Nullable [] data) {
      return new State(Phase.OWNED, handle, path, reserved, data);
    }
  }

  private final OwnedNodes owner;
  private final Folders folders;
  private final LongFunction<ZkPath> naming;
  private final Listener listener;
  private byte[] wanted;
  private boolean retired;
  private State state = State.WANTED;
  private int failures;

  OwnedNode(
      OwnedNodes owner,
      Folders folders,
      LongFunction<ZkPath> naming,
      byte[] data,
      Listener listener) {
    this.owner = owner;
    this.folders = folders;
    this.naming = naming;
    this.wanted = data;
    this.listener = listener;
  }

  /** Replaces the node's data, now or as soon as it exists. */
  public void update(byte[] data) {
    want(data);
    if (state.phase == Phase.OWNED) {
      write();
    }
  }

  void want(byte[] data) {
    wanted = data;
  }

  /**
   * Replaces the node's data for the last time: from now on the node is never created again. If it is found missing,
   * now or later, it is closed and {@link Listener#onMissing} is called.
   */
  public void retire(byte[] last) {
    retired = true;
    if (state.phase == Phase.WANTED) {
      toWanted("it is not there");
    } else {
      update(last);
    }
  }

  /** The path if the node is known to exist. */
  public @Nullable ZkPath ownedPath() {
    return state.phase == Phase.OWNED ? state.path : null;
  }

  /**
   * Ends the ownership: the node is deleted whatever the outcome of its create.
   *
   * @return done when it is certainly gone or its session is over
   */
  public CompletableFuture<Void> close() {
    State before = state;
    state = State.WANTED.to(Phase.GONE);
    owner.forget(this);
    release(before);
    if (before.phase == Phase.WANTED
        || before.phase == Phase.GONE
        || before.handle == null
        || before.path == null) {
      return CompletableFuture.completedFuture(null);
    }
    return owner.deletes().delete(before.handle, before.path);
  }

  void onConnected(SessionHandle handle) {
    if (state.phase == Phase.WANTED) {
      create(handle);
    } else if (state.phase == Phase.ASKING) {
      ask();
    } // a create that is unanswered now will be answered
  }

  void onLost(SessionHandle handle) {
    if (state.handle == handle && state.path != null && state.phase != Phase.GONE) {
      listener.onLeftBehind(state.path);
      toWanted("the session ended");
    }
  }

  /** Receives the session's own nodes after a reconnect or an audit. */
  void onListed(SessionHandle handle, Set<ZkPath> mine) {
    if (state.phase == Phase.OWNED && state.handle == handle && !mine.contains(state.path)) {
      toWanted("the node is missing");
      create(handle);
    }
  }

  private void create(SessionHandle handle) {
    if (state.phase != Phase.WANTED) {
      return; // the listener closed it in onMissing
    }
    ZkPath path = naming.apply(owner.drawNonce());
    byte[] data = wanted;
    State creating;
    try {
      creating = new State(Phase.CREATING, handle, path, owner.budget().reserve(path), null);
    } catch (EphemeralBudgetException e) {
      log.error("{}: not created: {}", path, e.getMessage());
      retry(Code.QUOTAEXCEEDED);
      return;
    }
    state = creating;
    send(handle, path, data, creating);
  }

  private void send(SessionHandle handle, ZkPath path, byte[] data, State creating) {
    Consumer<Answer<SessionHandle.Created>> reply = made -> onMade(handle, data, creating, made);
    owner
        .creates()
        .add(new CreateBatches.Create(
            handle, path, data, owner.space().acl(path), folders, () -> state == creating, reply));
  }

  private void onMade(
      SessionHandle handle, byte[] data, State creating, Answer<SessionHandle.Created> made) {
    if (state != creating) {
      return;
    }
    if (made.isOk()) {
      toOwned(made.get().stat(), data);
    } else if (made.code() == Code.NODEEXISTS) {
      toAsking();
      ask();
    } else if (!made.sent()) {
      toWanted("its create was not sent");
      if (handle.isConnected()) {
        create(handle); // it was, just then; else at the next connect
      }
    } else if (!made.isAnswered()) {
      toAsking();
    } else {
      toWanted("it cannot be created (" + made.code() + ")");
      retry(made.code());
    }
  }

  private void toAsking() {
    state = state.to(Phase.ASKING);
  }

  private void ask() {
    State asking = state;
    SessionHandle handle = Objects.requireNonNull(asking.handle);
    ZkPath path = Objects.requireNonNull(asking.path);
    handle.sync(path, synced -> {});
    handle.getData(path, null, read -> {
      if (state != asking) {
        return;
      }
      if (read.isOk() && handle.owns(read.get().stat())) {
        toOwned(read.get().stat(), read.get().data());
      } else if (read.code() == Code.NONODE) {
        toWanted("the answer to its create was lost");
        create(handle);
      } else if (read.isAnswered()) {
        notMine(handle, path, read);
      }
    });
  }

  /** Another client has the name, or the node cannot be read and may be owned. */
  private void notMine(SessionHandle handle, ZkPath path, Answer<SessionHandle.Node> read) {
    if (!read.isOk()) {
      owner.deletes().delete(handle, path);
    }
    toWanted("it is not there");
    retry(read.isOk() ? Code.NODEEXISTS : read.code());
  }

  private void toOwned(Stat stat, byte[] data) {
    failures = 0;
    state = state.toOwned(data);
    listener.onOwned(Objects.requireNonNull(state.path), stat);
    if (state.phase == Phase.OWNED && Arrays.equals(wanted, data)) {
      listener.onWritten();
    } else if (state.phase == Phase.OWNED) {
      write();
    }
  }

  private void write() {
    DataWrite write = beginWrite();
    if (write != null) {
      write.send();
    }
  }

  /** Begins to write the newest data; null if it is written, or if the node does not exist or cannot be written now. */
  @Nullable
  DataWrite beginWrite() {
    State owned = state;
    byte[] data = wanted;
    SessionHandle handle = owned.handle;
    ZkPath path = owned.path;
    if (owned.phase != Phase.OWNED
        || handle == null
        || path == null
        || Arrays.equals(owned.written, data)
        || !handle.isConnected()) {
      return null;
    }
    State writing = owned.toOwned(data);
    state = writing;
    return new DataWrite(writing, handle, path, data);
  }

  /** A write of the data that was begun; nothing once the node has another state. */
  final class DataWrite {

    private final State writing;
    private final SessionHandle handle;
    private final ZkPath path;
    private final byte[] data;

    private DataWrite(State writing, SessionHandle handle, ZkPath path, byte[] data) {
      this.writing = writing;
      this.handle = handle;
      this.path = path;
      this.data = data;
    }

    SessionHandle handle() {
      return handle;
    }

    /** The operation of a transaction that writes it. */
    Op operation() {
      return Op.setData(path.value(), data, -1);
    }

    /** Sends it in a request of its own. */
    void send() {
      if (state == writing) {
        handle.setData(path, data, -1, set -> end(set.code()));
      }
    }

    /** Takes over the outcome. */
    void end(Code code) {
      if (state != writing) {
        return;
      }
      if (code == Code.OK) {
        failures = 0;
        listener.onWritten();
      } else if (code == Code.NONODE) {
        toWanted("the node is missing");
        create(handle);
      } else {
        state = writing.toOwned(null); // the old data, these, or those of a write before
        retryWrite(code);
      }
    }
  }

  private void toWanted(String reason) {
    boolean told = state.phase == Phase.OWNED || retired;
    release(state);
    state = State.WANTED;
    if (retired) {
      close();
    }
    if (told) {
      listener.onMissing(reason);
    }
  }

  private void retry(Code code) {
    listener.onRetry(code);
    owner.later(failures++, () -> {
      if (state.phase == Phase.WANTED) {
        owner.connected().ifPresent(this::create);
      }
    });
  }

  private void retryWrite(Code code) {
    listener.onRetry(code);
    owner.later(failures++, () -> {
      if (state.phase == Phase.OWNED) {
        write();
      }
    });
  }

  /** Writes data that could not be written while disconnected, once the node was verified. */
  void onVerified() {
    if (state.phase == Phase.OWNED && wanted != state.written) {
      write();
    }
  }

  private static void release(State state) {
    if (state.reserved != null) {
      state.reserved.close();
    }
  }
}
