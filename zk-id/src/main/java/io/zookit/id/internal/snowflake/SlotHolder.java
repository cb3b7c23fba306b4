package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdBlockedException;
import io.zookit.id.IdLayout;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.SeenRecord;
import io.zookit.id.internal.snowflake.SlotExtension.ExtensionOutcome;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slot that a client holds of a name of snowflake ids, from claim to release; shared by the client's handles.
 *
 * <pre>
 *   claim     {@link FreeSlotClaim}: no window yet
 *   extend    {@link SlotExtension}: a window of ticks, again and again
 *   release   check(record)  delete(~o/s)  setData(~w/s, own version → the last tick used)
 * </pre>
 *
 * <p>A window of ticks belongs to the write that made it, whatever becomes of the session and of clocks; so a process that was
 * stopped, cut off or lost its session goes on with the ticks it has, and no other process ever gets them. The next
 * window begins behind the end that the mark has. A slot that another process took is left.
 *
 * <p><i>Threads:</i> {@link #poll} and {@link #refill} from any thread, everything else on the loop.
 *
 * <p><i>Cost:</i> none for an id. 4 round trips for the first one; one write for a window, which is a second at first and
 * doubles up to a minute, requested when half of it is used.
 */
class SlotHolder {

  /** The answer of {@link #poll} while no window has ticks left. */
  static final long EXHAUSTED = SlotTicks.EXHAUSTED;

  /** The answer of {@link #poll} while ids would be too far ahead of the clock. */
  static final long TOO_FAST = SlotTicks.TOO_FAST;

  private static final Logger log = LoggerFactory.getLogger(SlotHolder.class);
  private static final int MOST_TRIES = 32;
  private static final long SILENCE_NANOS = 2_000_000_000L;
  private static final long EARLY_NANOS = 100_000_000L;

  private final CoreClient client;
  private final IdLayout layout;
  private final LeaderClock clock;
  private final SlotNodes nodes;
  private final SlotOwner owner;
  private final FreeSlotClaim claim;
  private final SlotExtension extension;
  private final TickPace pace;
  private final AtomicReference<@Nullable CompletableFuture<Void>> refill = new AtomicReference<>();
  private final AtomicLong early = new AtomicLong();
  private volatile @Nullable HeldSlot held;
  /** The tick from which the next window is requested. */
  private volatile long half;

  /** The time of the first request for it; null before. */
  private volatile @Nullable Long requested;

  private @Nullable SeenRecord known;

  /** The greatest tick of the slots that were held before: ids increase over a change of slots. */
  private long lastTick;

  private boolean closed;

  /** The slot of a client. */
  SlotHolder(CoreClient client, SlotNodes nodes, IdLayout layout) {
    SecureRandom random = new SecureRandom();
    this.client = client;
    this.layout = layout;
    this.nodes = nodes;
    this.clock = nodes.clock();
    this.owner = new SlotOwner(client, nodes, random);
    this.claim = new FreeSlotClaim(nodes, layout, clock, owner, random, this::hold);
    this.extension = new SlotExtension(nodes, layout, clock, owner);
    this.pace = new TickPace(client.timekeeper(), layout);
    this.early.set(client.timekeeper().nanos() - EARLY_NANOS - 1);
  }

  CoreClient client() {
    return client;
  }

  IdLayout layout() {
    return layout;
  }

  /**
   * Returns an id, {@link #EXHAUSTED} or {@link #TOO_FAST}.
   *
   * @throws io.zookit.core.IncarnationException if the data are not trusted
   */
  long poll() {
    client.requireTrusted();
    HeldSlot mine = held;
    if (mine == null || mine.incarnation() != client.incarnation()) {
      return EXHAUSTED;
    }
    long now = clock.ticks();
    SlotTicks ticks = mine.ticks();
    long position = ticks.next(isSilent(ticks) ? 0 : now, pace.limit(now));
    if (position < 0) {
      return position == TOO_FAST ? TOO_FAST : EXHAUSTED;
    }
    long tick = position >>> layout.sequenceBits();
    if ((tick >= half || now > ticks.until()) && refill.get() == null) {
      refillEarly();
    }
    return layout.id(tick, ticks.slot(), layout.numberOf(position));
  }

  /** Tells if an extension was not answered for a while: from then on ticks are used up by demand only. */
  private boolean isSilent(SlotTicks ticks) {
    Long since = requested;
    return since != null
        && ticks.lastTick() >= half
        && client.timekeeper().nanos() - since > SILENCE_NANOS;
  }

  /** A failure is not reported here but to the caller that finds no ticks left; before that it is tried again. */
  private void refillEarly() {
    long now = client.timekeeper().nanos();
    if (requested == null) {
      requested = now;
    }
    long before = early.get();
    if (now - before > EARLY_NANOS && early.compareAndSet(before, now)) {
      refill();
    }
  }

  /**
   * Requests a window, or joins the request that is in flight.
   *
   * @return done when {@link #poll} may have ids, or failed
   */
  CompletableFuture<Void> refill() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    while (!refill.compareAndSet(null, mine)) {
      CompletableFuture<Void> theirs = refill.get();
      if (theirs != null) {
        return theirs;
      }
    }
    IdCalls.onLoop(client, nodes, handle -> advance(handle, 1)).whenComplete((done, failure) -> {
      refill.set(null);
      if (failure == null) {
        mine.complete(null);
      } else {
        mine.completeExceptionally(failure);
      }
    });
    return mine;
  }

  /** Claims a slot if none is held, and extends it. */
  private CompletableFuture<Void> advance(SessionHandle handle, int tries) {
    if (closed) {
      throw new IllegalStateException(nodes + ": closed");
    }
    client.requireTrusted();
    if (tries == MOST_TRIES) {
      throw new IdUnavailableException(nodes + ": its record or its slots change all the time");
    }
    return opened(handle).thenCompose(seen -> {
      HeldSlot mine = held;
      CompletableFuture<Boolean> step =
          mine == null ? claim(handle, seen) : extend(handle, seen, mine);
      return step.thenCompose(
          done -> done ? CompletableFuture.completedFuture(null) : advance(handle, tries + 1));
    });
  }

  private CompletableFuture<SeenRecord> opened(SessionHandle handle) {
    SeenRecord seen = known;
    if (seen != null && seen.record().incarnation() == client.incarnation()) {
      return CompletableFuture.completedFuture(seen);
    }
    known = null;
    return nodes.open(handle).thenApply(open -> {
      known = open;
      return open;
    });
  }

  /** Returns false: a claimed slot has no window yet, and after a refusal it is tried again. */
  private CompletableFuture<Boolean> claim(SessionHandle handle, SeenRecord seen) {
    return claim.claim(handle, seen).thenApply(outcome -> {
      if (outcome == FreeSlotClaim.ClaimOutcome.RECORD_CHANGED) {
        known = null;
      }
      return false;
    });
  }

  private void hold(MarkWrite write, Stat mark) {
    long floor = Math.max(endBefore(write.mark().until()), lastTick);
    held = new HeldSlot(
        new SlotTicks(write.slot(), layout.sequenceBits(), floor),
        mark.getVersion(),
        mark.getCzxid(),
        client.incarnation());
    pace.restart(floor);
  }

  /** The last tick that the slot has used, by the end of its mark when it was claimed. */
  long endBefore(long until) {
    return until;
  }

  /** Returns true when the slot has a further window, false when it has to be tried again. */
  private CompletableFuture<Boolean> extend(SessionHandle handle, SeenRecord seen, HeldSlot mine) {
    return extension.extend(handle, seen, mine).thenApply(outcome -> {
      if (outcome instanceof ExtensionOutcome.Extended extended) {
        return apply(seen, mine, extended.write(), extended.mark());
      }
      if (outcome instanceof ExtensionOutcome.RecordReplaced) {
        known = null;
      } else if (outcome instanceof ExtensionOutcome.TakenOver) {
        log.info("{}: slot {} is left", nodes, mine.ticks().slot());
        leave(mine);
        owner.deleteIfOwn(handle, mine.ticks().slot());
      }
      return false;
    });
  }

  private boolean apply(SeenRecord seen, HeldSlot mine, MarkWrite write, Stat mark) {
    SlotTicks ticks = mine.ticks();
    if (mark.getCzxid() != mine.czxid()) {
      leave(mine);
      throw new IdBlockedException(
          nodes + ": the mark of slot " + write.slot() + " was deleted and created again");
    }
    long end = write.mark().until();
    long floor = Math.max(ticks.until(), seen.record().base());
    held = new HeldSlot(ticks, mark.getVersion(), mark.getCzxid(), client.incarnation());
    if (floor >= end) {
      ticks.extend(end, end);
      return false; // written for an earlier base: no tick of it may be used
    }
    if (floor > ticks.until()) {
      pace.restart(floor); // do not wait for a mark or base in the future
    }
    ticks.extend(floor, end);
    half = extension.isFarAhead(end) ? end : end - (end - floor) / 2;
    requested = null;
    return true;
  }

  /** Gives the slot up; what is left of its windows is skipped. */
  private void leave(HeldSlot mine) {
    lastTick = Math.max(lastTick, mine.ticks().release());
    held = null;
  }

  // Release.

  /** Gives the slot back, with the ticks that were not used. From any thread; what comes later is refused. */
  void close() {
    client.loop().execute(() -> {
      closed = true;
      CompletableFuture<Void> pending = refill.get();
      if (pending == null) {
        release();
      } else {
        pending.whenComplete((done, failure) -> client.loop().execute(this::release));
      }
    });
  }

  private void release() {
    HeldSlot mine = held;
    held = null;
    if (mine == null) {
      Integer open = claim.openSlot();
      if (open != null) {
        owner.delete(open);
      }
      return;
    }
    int slot = mine.ticks().slot();
    long last = mine.ticks().release();
    SeenRecord seen = known;
    SessionHandle handle = client.handle().filter(SessionHandle::isConnected).orElse(null);
    if (seen == null || handle == null || extension.isOpen() || !owner.isPresent()) {
      owner.delete(slot); // the mark stays where it is: the ticks up to it are skipped
      return;
    }
    MarkWrite write =
        new MarkWrite(slot, mine.version(), new WindowRecord(last, owner.nextWrite()));
    List<Op> ops = List.of(
        nodes.record().check(seen), Op.delete(nodes.owner(slot).value(), 0), nodes.set(write));
    handle.multi(ops, answer -> {
      if (!answer.isOk()) {
        log.info("{}: the ticks of slot {} are skipped: {}", nodes, slot, answer.code());
        owner.delete(slot);
      }
    });
  }

  @Override
  public String toString() {
    return nodes.toString();
  }
}
