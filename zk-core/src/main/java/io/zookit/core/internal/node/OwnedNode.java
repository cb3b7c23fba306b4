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
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ephemeral node that is wanted for as long as this object is open, and is mine only when my session owns it.
 *
 * <p>The node's name holds an <i>incarnation</i>, a random number drawn anew for each session, so the node of an expired
 * session and its successor never meet under one name, and no other client ever makes a node of that name. That makes
 * every uncertain step simple: a create whose answer was lost is asked about by name, and a delete may be sent blindly.
 *
 * <pre>
 *   WANTED ──create──► CREATING ──OK──► OWNED ◄─────────────┐ verified after a reconnect
 *     ▲  ▲                │ no answer     │ session suspect │
 *     │  └─ absent ── ASKING ◄────────────┴─────────────────┘
 *     └── session lost, or found missing: a new name          any ── close ──► GONE (delete is owed)
 * </pre>
 *
 * <p>Lives on the loop; made and driven by {@link OwnedNodes}.
 */
public final class OwnedNode {

  private static final Logger log = LoggerFactory.getLogger(OwnedNode.class);

  /** Hears of the node's life, on the loop. */
  public interface Listener {

    /** The node is there and mine: first, or again after a loss. */
    void onOwned(ZkPath path, Stat stat);

    /** The node is not there any more; it will be made again by itself, unless it was retired or is closed now. */
    void onMissing(String reason);

    /** The session ended before its node surely did: the server may keep it until its own timeout. */
    default void onLeftBehind(ZkPath path) {}

    /** The newest data stand in the node. */
    default void onWritten() {}

    /** A try failed for a reason that time may mend; the next follows. */
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
   * Where it stands; {@code path}, {@code handle} and {@code reserved} are there from CREATING on, {@code written} when
   * it is known what stands in the node.
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

  /** Replaces the node's data, now or as soon as it is there. */
  public void update(byte[] data) {
    wanted = data;
    if (state.phase == Phase.OWNED) {
      write();
    }
  }

  /**
   * Replaces the node's data for the last time: from now on the node is never made again. When it is found missing, now
   * or later, it is closed and the listener is told {@link Listener#onMissing}.
   */
  public void retire(byte[] last) {
    retired = true;
    if (state.phase == Phase.WANTED) {
      toWanted("it is not there");
    } else {
      update(last);
    }
  }

  /** The path when the node is surely there. */
  public @Nullable ZkPath ownedPath() {
    return state.phase == Phase.OWNED ? state.path : null;
  }

  /**
   * Ends the wish: the node is deleted whatever became of its create.
   *
   * @return done when it is surely gone or its session is over
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
    return owner.client().debt().delete(before.handle, before.path);
  }

  void onConnected(SessionHandle handle) {
    if (state.phase == Phase.WANTED) {
      create(handle);
    } else if (state.phase == Phase.ASKING) {
      ask();
    } // a create that is not answered yet will be
  }

  void onLost(SessionHandle handle) {
    if (state.handle == handle && state.path != null && state.phase != Phase.GONE) {
      listener.onLeftBehind(state.path);
      toWanted("the session ended");
    }
  }

  /** Told of the session's own nodes after a reconnect or an audit. */
  void onListed(SessionHandle handle, Set<ZkPath> mine) {
    if (state.phase == Phase.OWNED && state.handle == handle && !mine.contains(state.path)) {
      toWanted("the node is missing");
      create(handle);
    }
  }

  private void create(SessionHandle handle) {
    if (state.phase != Phase.WANTED) {
      return; // the listener closed it when it was told that the node is missing
    }
    ZkPath path = naming.apply(owner.drawIncarnation());
    byte[] data = wanted;
    State creating;
    try {
      creating =
          new State(Phase.CREATING, handle, path, owner.client().budget().reserve(path), null);
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
            handle, path, data, owner.client().acl(path), folders, () -> state == creating, reply));
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

  /** Somebody else has the name, or the node must not be read and may be mine. */
  private void notMine(SessionHandle handle, ZkPath path, Answer<SessionHandle.Node> read) {
    if (!read.isOk()) {
      owner.client().debt().delete(handle, path);
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
    State owned = state;
    byte[] data = wanted;
    SessionHandle handle = Objects.requireNonNull(owned.handle);
    ZkPath path = Objects.requireNonNull(owned.path);
    if (Arrays.equals(owned.written, data) || !handle.isConnected()) {
      return;
    }
    State writing = owned.toOwned(data);
    state = writing;
    handle.setData(path, data, -1, set -> {
      if (state != writing) {
        return;
      }
      if (set.isOk()) {
        failures = 0;
        listener.onWritten();
      } else if (set.code() == Code.NONODE) {
        toWanted("the node is missing");
        create(handle);
      } else {
        state = writing.toOwned(null); // the old data, these, or those of a write before
        retryWrite(set.code());
      }
    });
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

  /** Data that could not be written while disconnected is written when its node was verified. */
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
