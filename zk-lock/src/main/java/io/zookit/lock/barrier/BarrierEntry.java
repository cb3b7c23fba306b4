package io.zookit.lock.barrier;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.node.EphemeralBudget;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/**
 * The entry of one member. Used on the loop.
 *
 * <pre>
 *   Outside ──create──► Creating ──made──► Gathering ──round open with the own node──► entered
 *                        │  ▲                  │ time over
 *              no answer ▼  │ not made         ▼
 *                       Asking             Withdrawing ──multi(check record's version, delete own node)──► gone
 *                                              │ the record has changed: look again
 *                                              └──────────► entered after all, or withdraw again
 * </pre>
 *
 * <p>A round is opened by the last of its members to arrive, in one transaction that checks that the node of each
 * exists. A member that withdraws proves by the record's version that the round has not opened, so a member that has
 * withdrawn is never counted.
 */
final class BarrierEntry extends BarrierVisit<BarrierPlace> {

  private enum Phase {
    OUTSIDE,
    CREATING,
    ASKING,
    GATHERING,
    WITHDRAWING,
    ABANDONED
  }

  private final String prefix;
  private Phase phase = Phase.OUTSIDE;
  private @Nullable SessionHandle session;
  private @Nullable ZkPath own;
  private @Nullable ZkException withdrawal;
  private EphemeralBudget.@Nullable Reservation reserved;
  private boolean opening;
  private int gathered;

  BarrierEntry(Barriers barriers, BarrierNode barrier) {
    super(barriers, barrier);
    this.prefix = BarrierNode.prefix(barriers.nextName());
  }

  @Override
  void onConnected(SessionHandle handle) {
    session = handle;
    opening = false;
    switch (phase) {
      case OUTSIDE -> create(handle);
      case CREATING -> {} // its answer comes
      case ASKING -> ask(handle);
      case ABANDONED -> settle(handle);
      case GATHERING -> follow(handle);
      case WITHDRAWING -> withdraw(handle);
    }
  }

  private void create(SessionHandle handle) {
    phase = Phase.CREATING;
    if (reserved == null && !reserve()) {
      return;
    }
    CreateWithParents.create(
        handle,
        barrier.folders(),
        barrier.path().own(prefix),
        new byte[0],
        barriers.client().acl(barrier.path()),
        CreateMode.EPHEMERAL_SEQUENTIAL,
        made -> onMade(handle, made));
  }

  private boolean reserve() {
    try {
      EphemeralBudget.Reservation room =
          barriers.client().budget().reserve(barrier.path().own(prefix + Integer.MAX_VALUE));
      reserved = room;
      outcome().whenComplete((place, failure) -> {
        if (failure != null) {
          room.close();
        }
      });
      return true;
    } catch (EphemeralBudgetException e) {
      fail(e);
      return false;
    }
  }

  private BarrierPlace place(SessionHandle handle, ZkPath mine, BarrierRecord record) {
    return new BarrierPlace(handle, mine, record.generation(), Objects.requireNonNull(reserved));
  }

  private void onMade(SessionHandle handle, Answer<SessionHandle.Created> made) {
    if (phase == Phase.ABANDONED) {
      onMadeTooLate(handle, made);
      return;
    }
    if (phase != Phase.CREATING || session != handle) {
      return;
    }
    if (made.isOk()) {
      toGathering(handle, made.get().path());
    } else if (!made.isAnswered()) {
      phase = made.sent() ? Phase.ASKING : Phase.OUTSIDE;
      if (withdrawal != null) {
        abandon(withdrawal);
      }
    } else {
      fail(KeeperErrors.of(made.code(), barrier.path()));
    }
  }

  /**
   * Withdraws a node that was created after the client was closed; an unknown outcome is looked up after the reconnect.
   */
  private void onMadeTooLate(SessionHandle handle, Answer<SessionHandle.Created> made) {
    if (made.isOk()) {
      remove(handle, made.get().path());
    }
    if (made.isAnswered() || !made.sent()) {
      barriers.end(this);
    }
  }

  /** Looks whether a create that was not answered has made the node. */
  private void ask(SessionHandle handle) {
    handle.sync(barrier.path(), synced -> {});
    handle.list(barrier.path(), listed -> {
      if ((phase != Phase.ASKING && phase != Phase.ABANDONED) || !listed.isAnswered()) {
        return;
      }
      String made = listed.isOk()
          ? listed.get().stream()
              .filter(child -> child.startsWith(prefix))
              .findFirst()
              .orElse(null)
          : null;
      if (phase == Phase.ABANDONED) {
        if (made != null) {
          remove(handle, barrier.path().own(made));
        }
        barriers.end(this);
      } else if (made == null) {
        create(handle);
      } else {
        toGathering(handle, barrier.path().own(made));
      }
    });
  }

  private void toGathering(SessionHandle handle, ZkPath made) {
    own = made;
    if (withdrawal == null) {
      phase = Phase.GATHERING;
      follow(handle);
    } else {
      phase = Phase.WITHDRAWING;
      withdraw(handle);
    }
  }

  @Override
  void onBarrier(SessionHandle handle, BarrierRecord record, int version, List<String> children) {
    ZkPath mine = own;
    if (phase != Phase.GATHERING || mine == null) {
      return;
    }
    gathered = BarrierNode.inOrder(children).size();
    if (record.members() != barrier.members()) {
      remove(handle, mine);
      fail(new ZkException(barrier + ": members: " + barrier.members() + " (expected: "
          + record.members() + ", as it stands in ZooKeeper)"));
    } else if (record.isInside(mine)) {
      end(place(handle, mine, record));
    } else if (!children.contains(mine.name())) {
      fail(new BarrierBrokenException(barrier + ": the own node was removed"));
    } else if (!record.isOpen()) {
      open(handle, record, version, BarrierNode.inOrder(children), mine);
    } else if (record.stillInside(children) == 0) {
      endRound(handle, record, version);
    }
  }

  /** Opens the round, as the last of its members. */
  private void open(
      SessionHandle handle, BarrierRecord record, int version, List<String> present, ZkPath mine) {
    int members = record.members();
    if (opening || present.size() < members || !present.get(members - 1).equals(mine.name())) {
      return;
    }
    opening = true;
    List<String> entered = present.subList(0, members);
    List<Op> operations = new ArrayList<>();
    entered.forEach(member -> operations.add(Op.check(barrier.path().own(member).value(), -1)));
    operations.add(barrier.replacing(record.toOpen(entered), version));
    handle.multi(operations, opened -> {
      opening = false;
      if (phase == Phase.GATHERING && opened.isAnswered() && !opened.isOk()) {
        onNotOpened(handle, mine, opened.code());
      }
    });
  }

  private void onNotOpened(SessionHandle handle, ZkPath mine, Code code) {
    if (code == Code.NONODE || code == Code.BADVERSION) {
      decideAgain(); // something has changed, and its event leads to a read
    } else {
      remove(handle, mine);
      fail(KeeperErrors.of(code, barrier.path()));
    }
  }

  @Override
  void giveUp(Duration timeout) {
    ZkException reason = new ZkTimeoutException(
        barrier + ": " + gathered + " of " + barrier.members() + " within " + timeout);
    if (isOver() || withdrawal != null) {
      return;
    }
    withdrawal = reason;
    SessionHandle handle = session;
    switch (phase) {
      case OUTSIDE -> fail(reason);
      case GATHERING, WITHDRAWING -> {
        phase = Phase.WITHDRAWING;
        if (handle != null && handle.isConnected()) {
          withdraw(handle);
        } else {
          abandon(reason);
        }
      }
      case ASKING -> abandon(reason);
      case CREATING, ABANDONED -> {} // the answer to the create goes on
    }
  }

  /** Goes, if the round has not opened. */
  private void withdraw(SessionHandle handle) {
    handle.getData(barrier.path(), null, read -> {
      ZkPath mine = own;
      if (phase != Phase.WITHDRAWING || mine == null) {
        return;
      }
      if (!read.isOk()) {
        refuse(KeeperErrors.of(read.code(), barrier.path()), read.isAnswered());
        return;
      }
      withdraw(handle, read.get(), mine);
    });
  }

  private void withdraw(SessionHandle handle, SessionHandle.Node found, ZkPath mine) {
    BarrierRecord record;
    try {
      record = BarrierRecord.read(found.data(), barrier.path());
    } catch (ZkException e) {
      refuse(e, true);
      return;
    }
    if (record.isInside(mine)) {
      end(place(handle, mine, record));
      return;
    }
    List<Op> operations = List.of(
        Op.check(barrier.path().value(), found.stat().getVersion()), Op.delete(mine.value(), -1));
    handle.multi(operations, gone -> onWithdrawn(handle, gone));
  }

  private void onWithdrawn(SessionHandle handle, Answer<List<OpResult>> gone) {
    if (phase != Phase.WITHDRAWING) {
      return;
    }
    if (gone.isOk() || gone.code() == Code.NONODE) {
      fail(reason());
    } else if (gone.code() == Code.BADVERSION) {
      withdraw(handle);
    } else {
      refuse(reason(), gone.isAnswered());
    }
  }

  /** It cannot withdraw as it should, so it just goes. */
  private void refuse(ZkException reason, boolean answered) {
    SessionHandle handle = session;
    abandon(reason);
    if (answered && handle != null) {
      settle(handle);
    }
  }

  private ZkException reason() {
    return withdrawal == null ? new ZkException(barrier + ": withdrawn") : withdrawal;
  }

  /**
   * Reports an unknown outcome to the caller; the node is deleted as soon as possible, or goes with the session. The
   * rest is done when the connection is back: removing a watch just as the connection breaks keeps ZooKeeper's client
   * from reporting the break.
   */
  private void abandon(ZkException reason) {
    if (session != null && own != null) {
      remove(session, own);
    }
    phase = Phase.ABANDONED;
    outcome()
        .completeExceptionally(new ZkUnavailableException(
            barrier + ": it is unknown whether the round has opened: " + reason.getMessage(),
            reason));
  }

  private void settle(SessionHandle handle) {
    unwatch();
    if (own == null) {
      ask(handle);
    } else {
      barriers.end(this);
    }
  }

  @Override
  void onLost(SessionHandle handle) {
    super.onLost(handle);
    if (phase == Phase.ABANDONED) {
      barriers.end(this);
    } else if (phase != Phase.OUTSIDE && handle == session) {
      fail(new ZkUnavailableException(barrier
          + ": the session ended on the way in; it is unknown whether the round has opened"));
    }
  }

  /** Deletes the node that exists or may exist, because a borrowed session may continue. */
  @Override
  void onClosed(ZkException reason) {
    if (phase == Phase.CREATING || phase == Phase.ASKING) {
      phase = Phase.ABANDONED;
      outcome().completeExceptionally(reason);
    } else if (phase != Phase.ABANDONED) {
      if (own != null && session != null) {
        remove(session, own);
      }
      fail(reason);
    }
  }
}
