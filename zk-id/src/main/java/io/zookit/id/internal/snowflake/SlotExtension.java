package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdBlockedException;
import io.zookit.id.IdLayout;
import io.zookit.id.internal.record.SeenRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extends the windows of a slot that is held.
 *
 * <pre>
 *   check(record)  check(~o/s) or create  setData(~w/s, own version → a later end, by me)
 * </pre>
 *
 * <p>An extension that is not answered is repeated as it was: if it is accepted now it has happened now, and if the version
 * has moved the mark tells by its writer whether it happened before.
 *
 * <p>A window is a second at first, and doubles up to a minute. A mark that is an hour ahead of both clocks, because one was
 * set forward, is extended by a second at a time, when ids are requested.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class SlotExtension {

  private static final Logger log = LoggerFactory.getLogger(SlotExtension.class);
  private static final long FIRST_WINDOW_MILLIS = 1_000;
  private static final long FAR_AHEAD_MILLIS = 3_600_000;

  /** Outcome of an extension. */
  sealed interface ExtensionOutcome {

    /** The mark is the one that was written. */
    record Extended(MarkWrite write, Stat mark) implements ExtensionOutcome {}

    /** The record is another one by now. */
    record RecordReplaced() implements ExtensionOutcome {}

    /** The node of the owner did not exist, or did; it is tried again. */
    record OwnerReplaced() implements ExtensionOutcome {}

    /** Another process has the slot. */
    record TakenOver() implements ExtensionOutcome {}
  }

  private final SlotNodes nodes;
  private final IdLayout layout;
  private final LeaderClock clock;
  private final SlotOwner owner;
  private final long first;
  private final long farAhead;
  private long width;
  private boolean reported;

  /** A write that was not answered. */
  private @Nullable MarkWrite unanswered;

  /** The extensions of a client's slots of a name. */
  SlotExtension(SlotNodes nodes, IdLayout layout, LeaderClock clock, SlotOwner owner) {
    long tickMillis = layout.tick().toMillis();
    this.nodes = nodes;
    this.layout = layout;
    this.clock = clock;
    this.owner = owner;
    this.first = Math.max(1, FIRST_WINDOW_MILLIS / tickMillis);
    this.farAhead = FAR_AHEAD_MILLIS / tickMillis;
    this.width = first;
  }

  /** Tells if a write was not answered, so that the mark is not known. */
  boolean isOpen() {
    return unanswered != null;
  }

  /** Extends the slot, or repeats the extension that was not answered. */
  CompletableFuture<ExtensionOutcome> extend(SessionHandle handle, SeenRecord seen, HeldSlot mine) {
    MarkWrite write = unanswered == null ? next(seen, mine) : unanswered;
    CompletableFuture<ExtensionOutcome> done = new CompletableFuture<>();
    List<Op> ops = List.of(
        nodes.record().check(seen), owner.checkOrCreate(handle, write.slot()), nodes.set(write));
    handle.multi(ops, answer -> {
      try {
        onAnswer(handle, write, answer, done);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  private MarkWrite next(SeenRecord seen, HeldSlot mine) {
    SlotTicks ticks = mine.ticks();
    long from = Math.max(
        Math.max(ticks.until(), seen.record().base()), Math.max(clock.ticks(), ticks.lastTick()));
    long end = from + (isFarAhead(from) ? first : width);
    if (end > layout.lastTick() || end < 0) {
      throw new IdBlockedException(nodes + ": its " + layout.timeBits() + " time bits are used up ("
          + layout + "); a new name with another layout is needed");
    }
    return new MarkWrite(ticks.slot(), mine.version(), new WindowRecord(end, owner.nextWrite()));
  }

  /** Tells if ticks are so far ahead of both clocks that windows are short, and requested on demand. */
  boolean isFarAhead(long tick) {
    return tick - clock.latestTicks() > farAhead;
  }

  private void onAnswer(
      SessionHandle handle,
      MarkWrite write,
      Answer<List<OpResult>> answer,
      CompletableFuture<ExtensionOutcome> done) {
    if (answer.isOk()) {
      Stat stat = Multi.statAt(2, answer);
      clock.onWritten(stat.getMtime());
      owner.onPresent();
      done.complete(extended(write, stat));
    } else if (SlotNodes.isRecordChanged(answer)) {
      done.complete(new ExtensionOutcome.RecordReplaced());
    } else if (Multi.isRefusedAt(1, answer) && answer.code() != Code.NOAUTH) {
      owner.onRefused();
      done.complete(new ExtensionOutcome.OwnerReplaced());
    } else if (Multi.isRefusedAt(2, answer) && answer.code() == Code.BADVERSION) {
      settle(handle, write, done);
    } else {
      unanswered = !answer.isAnswered() && answer.sent() ? write : unanswered;
      done.completeExceptionally(nodes.failure(answer));
    }
  }

  private ExtensionOutcome extended(MarkWrite write, Stat mark) {
    unanswered = null;
    if (isFarAhead(write.mark().until())) {
      if (!reported) {
        reported = true;
        log.warn(
            "{}: slot {} hands out ids of {}, far ahead of the clocks of this machine and of the"
                + " leader: one of them was set forward; windows stay short",
            nodes,
            write.slot(),
            layout.timeOf(layout.id(write.mark().until(), 0, 0)));
      }
    } else {
      reported = false;
      width = Math.min(nodes.widest(), width * 2);
    }
    return new ExtensionOutcome.Extended(write, mark);
  }

  /** The version has moved: by the own write, whose answer was lost, or by another process that took the slot. */
  private void settle(
      SessionHandle handle, MarkWrite write, CompletableFuture<ExtensionOutcome> done) {
    nodes.read(handle, List.of(write.slot())).whenComplete((marks, failure) -> {
      if (failure != null) {
        done.completeExceptionally(failure);
        return;
      }
      try {
        if (nodes.isOwnWrite(nodes.window(marks.get(0)), write)) {
          done.complete(extended(write, marks.get(0).get().stat()));
        } else {
          unanswered = null;
          done.complete(new ExtensionOutcome.TakenOver());
        }
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
  }
}
