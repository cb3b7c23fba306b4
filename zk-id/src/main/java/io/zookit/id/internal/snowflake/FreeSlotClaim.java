package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdLayout;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.SeenRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Claims a free slot.
 *
 * <pre>
 *   check(record)  create(~o/s, nonce)  setData(~w/s, version read → the same end, by me)
 * </pre>
 *
 * <p>A claim makes no window, so processes that crash in a loop use up none. Of the slots whose mark is behind the clock a
 * random one is tried first, so that many processes that start together do not choose the same; then the one with the
 * least mark.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class FreeSlotClaim {

  private static final int MOST_CANDIDATES = 64;
  private static final int MOST_NAMED_OWNERS = 8;

  /** Outcome of a claim. */
  enum ClaimOutcome {
    /** A slot is held. */
    CLAIMED,
    /** The record is another one by now. */
    RECORD_CHANGED,
    /** Others were faster everywhere. */
    OVERTAKEN
  }

  /** Receives the slot that was claimed. */
  interface ClaimedSlot {

    /**
     * A slot is held.
     *
     * @param mark of the slot after the claim
     */
    void claimed(MarkWrite claim, Stat mark);
  }

  private final SlotNodes nodes;
  private final IdLayout layout;
  private final LeaderClock clock;
  private final SlotOwner owner;
  private final Random random;
  private final ClaimedSlot claimed;

  /** A claim that was not answered. */
  private @Nullable MarkWrite unanswered;

  FreeSlotClaim(
      SlotNodes nodes,
      IdLayout layout,
      LeaderClock clock,
      SlotOwner owner,
      Random random,
      ClaimedSlot claimed) {
    this.nodes = nodes;
    this.layout = layout;
    this.clock = clock;
    this.owner = owner;
    this.random = random;
    this.claimed = claimed;
  }

  /** The slot of a claim that was not answered, whose owner may exist. */
  @Nullable
  Integer openSlot() {
    MarkWrite open = unanswered;
    return open == null ? null : open.slot();
  }

  /** Claims a slot, after finding out what became of a claim that was not answered. */
  CompletableFuture<ClaimOutcome> claim(SessionHandle handle, SeenRecord seen) {
    MarkWrite open = unanswered;
    if (open == null) {
      return claimAny(handle, seen);
    }
    return recall(handle, open)
        .thenCompose(recalled -> recalled
            ? CompletableFuture.completedFuture(ClaimOutcome.CLAIMED)
            : claimAny(handle, seen));
  }

  private CompletableFuture<ClaimOutcome> claimAny(SessionHandle handle, SeenRecord seen) {
    CompletableFuture<Answer<List<String>>> owners = new CompletableFuture<>();
    CompletableFuture<Boolean> stamped = nodes.stamp(handle, seen);
    handle.list(nodes.owners(), owners::complete);
    return stamped.thenCompose(same -> same
        ? owners.thenCompose(listed -> claimFree(handle, seen, listed))
        : CompletableFuture.completedFuture(ClaimOutcome.RECORD_CHANGED));
  }

  private CompletableFuture<ClaimOutcome> claimFree(
      SessionHandle handle, SeenRecord seen, Answer<List<String>> owners) {
    if (!owners.isOk()) {
      throw nodes.failure(owners);
    }
    Set<String> taken = new HashSet<>(owners.get());
    List<Integer> free = new ArrayList<>(IntStream.range(0, layout.slots())
        .filter(slot -> !taken.contains(Integer.toString(slot)))
        .boxed()
        .toList());
    if (free.isEmpty()) {
      return refuse(handle);
    }
    Collections.shuffle(free, random);
    List<Integer> some = free.subList(0, Math.min(MOST_CANDIDATES, free.size()));
    return nodes
        .read(handle, some)
        .thenCompose(marks -> claimNext(handle, seen, candidates(some, marks)));
  }

  private Deque<MarkWrite> candidates(List<Integer> slots, List<Answer<SessionHandle.Node>> marks) {
    long now = clock.ticks();
    List<MarkWrite> candidates = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      WindowRecord mark = nodes.window(marks.get(i));
      int version = marks.get(i).get().stat().getVersion();
      if (!SlotNodes.isWornOut(version)) {
        WindowRecord same = new WindowRecord(mark.until(), owner.nextWrite());
        candidates.add(new MarkWrite(slots.get(i), version, same));
      }
    }
    candidates.sort(Comparator.comparingLong(
        write -> write.mark().until() <= now ? 0 : write.mark().until()));
    return new ArrayDeque<>(candidates);
  }

  /** Fails, with the owners of the slots. */
  private CompletableFuture<ClaimOutcome> refuse(SessionHandle handle) {
    CompletableFuture<ClaimOutcome> refused = new CompletableFuture<>();
    int named = Math.min(MOST_NAMED_OWNERS, layout.slots());
    List<String> paths =
        IntStream.range(0, named).mapToObj(slot -> nodes.owner(slot).value()).toList();
    Multi.readNodes(handle, paths, answers -> {
      List<String> owners = new ArrayList<>();
      for (int slot = 0; slot < named; slot++) {
        Answer<SessionHandle.Node> read = answers.get(slot);
        owners.add(
            slot + " by " + (read.isOk() ? SlotOwnerRecord.describe(read.get().data()) : "?"));
      }
      refused.completeExceptionally(new IdUnavailableException(nodes + ": all " + layout.slots()
          + " slots are in use: " + String.join(", ", owners)
          + (named < layout.slots() ? ", …" : "")
          + "; one becomes free when its process closes or its session ends"));
    });
    return refused;
  }

  private CompletableFuture<ClaimOutcome> claimNext(
      SessionHandle handle, SeenRecord seen, Deque<MarkWrite> candidates) {
    MarkWrite write = candidates.poll();
    if (write == null) {
      return CompletableFuture.completedFuture(ClaimOutcome.OVERTAKEN);
    }
    CompletableFuture<ClaimOutcome> done = new CompletableFuture<>();
    List<Op> ops =
        List.of(nodes.record().check(seen), owner.create(handle, write.slot()), nodes.set(write));
    handle.multi(ops, answer -> {
      if (answer.isOk()) {
        Stat stat = Multi.statAt(2, answer);
        clock.onWritten(stat.getMtime());
        hold(write, stat);
        done.complete(ClaimOutcome.CLAIMED);
      } else if (SlotNodes.isRecordChanged(answer)) {
        done.complete(ClaimOutcome.RECORD_CHANGED);
      } else if (isTaken(answer)) {
        claimNext(handle, seen, candidates).whenComplete((outcome, failure) -> {
          if (failure == null) {
            done.complete(outcome);
          } else {
            done.completeExceptionally(IdCalls.causeOf(failure));
          }
        });
      } else {
        if (!answer.isAnswered() && answer.sent()) {
          unanswered = write;
        }
        done.completeExceptionally(nodes.failure(answer));
      }
    });
    return done;
  }

  /** The owner exists, or the mark has another version. */
  private static boolean isTaken(Answer<List<OpResult>> answer) {
    return (Multi.isRefusedAt(1, answer) && answer.code() != Code.NOAUTH)
        || (Multi.isRefusedAt(2, answer) && answer.code() == Code.BADVERSION);
  }

  private void hold(MarkWrite write, Stat mark) {
    owner.onPresent();
    claimed.claimed(write, mark);
  }

  /** Finds out what became of a claim that was not answered: whether its slot is held. */
  private CompletableFuture<Boolean> recall(SessionHandle handle, MarkWrite claim) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    handle.sync(nodes.mark(claim.slot()), synced -> {});
    List<String> paths =
        List.of(nodes.mark(claim.slot()).value(), nodes.owner(claim.slot()).value());
    Multi.readNodes(handle, paths, answers -> {
      Answer<SessionHandle.Node> mark = answers.get(0);
      Answer<SessionHandle.Node> read = answers.get(1);
      if (!mark.isOk()) {
        done.completeExceptionally(nodes.failure(mark));
        return;
      }
      try {
        boolean mine = read.isOk() && owner.isOwn(handle, read.get());
        boolean happened = mine && claim.mark().equals(nodes.window(mark));
        if (happened) {
          hold(claim, mark.get().stat());
        } else if (mine) {
          owner.delete(handle, claim.slot());
        }
        unanswered = null;
        done.complete(happened);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }
}
