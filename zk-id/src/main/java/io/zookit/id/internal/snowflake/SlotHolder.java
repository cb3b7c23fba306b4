package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdBlockedException;
import io.zookit.id.IdLayout;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.SeenRecord;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slot that a client holds of a name of snowflake ids, from claim to release; shared by the client's handles.
 *
 * <pre>
 *   claim    check(record)  create(~o/s, nonce)       setData(~w/s, version read → the same end, by me)    no window yet
 *   extend   check(record)  check(~o/s) or create     setData(~w/s, own version → a later end, by me)
 *   release  check(record)  delete(~o/s)              setData(~w/s, own version → the last tick used)
 * </pre>
 *
 * <p>A window of ticks belongs to the write that made it, whatever becomes of the session and of clocks; so a process that was
 * stopped, cut off or lost its session goes on with the ticks it has, and no other process ever gets them. The next
 * window begins behind the end that the mark has.
 *
 * <p>An extension that is not answered is repeated as it was: if it is accepted now it has happened now, and if the
 * version has moved the mark tells by its writer whether it happened before. A slot that another process took is left.
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
  private static final int MOST_CANDIDATES = 64;
  private static final long FIRST_WINDOW_MILLIS = 1_000;
  private static final long WIDEST_MILLIS = 60_000;
  private static final long MILLIS_A_SLOT = 30;
  private static final long AHEAD_MILLIS = 1_000;
  private static final long SILENCE_NANOS = 2_000_000_000L;
  private static final long EARLY_NANOS = 100_000_000L;

  /** A write of a mark. */
  record MarkWrite(int slot, int version, WindowRecord mark) {}

  /**
   * A slot that is held.
   *
   * @param version of its mark, as this process wrote it
   * @param czxid of its mark
   */
  record HeldSlot(SlotTicks ticks, int version, long czxid, long incarnation) {}

  /** A tick that was reached at a moment of the monotonic clock: ids are never handed out faster from there. */
  private record TickPace(long tick, long nanos) {}

  private final CoreClient client;
  private final IdLayout layout;
  private final LeaderClock clock;
  private final SlotNodes nodes;
  private final String nonce;
  private final Random random = new SecureRandom();
  private final long widest;
  private final long ahead;
  private final AtomicReference<@Nullable CompletableFuture<Void>> refill = new AtomicReference<>();
  private final AtomicLong early = new AtomicLong();
  private volatile @Nullable HeldSlot held;
  /** The tick from which the next window is requested. */
  private volatile long half;

  /** The time of the first request for it; null before. */
  private volatile @Nullable Long requested;

  private volatile TickPace pace = new TickPace(0, 0);
  private @Nullable SeenRecord known;

  /** A write that was not answered. */
  private @Nullable MarkWrite unanswered;

  /** The greatest tick of the slots that were held before: ids increase over a change of slots. */
  private long lastTick;

  private boolean createsOwner;

  /** The session in which the owner's node was created, or may have been. */
  private @Nullable SessionHandle ownerSession;

  private long width;
  private long writes;
  private boolean closed;

  SlotHolder(CoreClient client, IdNode node, IdLayout layout) {
    long tickMillis = layout.tick().toMillis();
    this.client = client;
    this.layout = layout;
    this.clock = new LeaderClock(client.timekeeper(), layout);
    this.widest = Math.max(WIDEST_MILLIS, layout.slots() * MILLIS_A_SLOT) / tickMillis;
    this.width = Math.max(1, FIRST_WINDOW_MILLIS / tickMillis);
    this.ahead = Math.max(1, AHEAD_MILLIS / tickMillis);
    this.nodes = new SlotNodes(client, node, layout, clock, widest);
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    this.nonce = HexFormat.of().formatHex(bytes);
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
    if (mine == null || mine.incarnation != client.incarnation()) {
      return EXHAUSTED;
    }
    long now = clock.ticks();
    long limit = Math.max(now, paceTick()) + ahead;
    SlotTicks ticks = mine.ticks;
    long position = ticks.next(isSilent(ticks) ? 0 : now, limit);
    if (position < 0) {
      return position == TOO_FAST ? TOO_FAST : EXHAUSTED;
    }
    long tick = position >>> layout.sequenceBits();
    if ((tick >= half || now > ticks.until()) && refill.get() == null) {
      refillEarly();
    }
    return layout.id(tick, ticks.slot(), layout.numberOf(position));
  }

  private long paceTick() {
    TickPace from = pace;
    return from.tick
        + (client.timekeeper().nanos() - from.nanos) / layout.tick().toNanos();
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

  // Claim.

  /** Returns false: a claimed slot has no window yet, and after a refusal it is tried again. */
  private CompletableFuture<Boolean> claim(SessionHandle handle, SeenRecord seen) {
    MarkWrite pending = unanswered;
    if (pending != null) {
      return recall(handle, pending).thenCompose(recalled -> claimAny(handle, seen));
    }
    return claimAny(handle, seen);
  }

  private CompletableFuture<Boolean> claimAny(SessionHandle handle, SeenRecord seen) {
    if (held != null) {
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Answer<List<String>>> owners = new CompletableFuture<>();
    CompletableFuture<Boolean> stamped = nodes.stamp(handle, seen);
    handle.list(nodes.owners(), owners::complete);
    return stamped.thenCompose(same -> {
      if (!same) {
        known = null;
        return CompletableFuture.completedFuture(false);
      }
      return owners.thenCompose(listed -> claimFree(handle, seen, listed));
    });
  }

  private CompletableFuture<Boolean> claimFree(
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
      throw new IdUnavailableException(nodes + ": all " + layout.slots()
          + " slots are in use; one becomes free when its process closes or its session ends");
    }
    Collections.shuffle(free, random);
    List<Integer> some = free.subList(0, Math.min(MOST_CANDIDATES, free.size()));
    return nodes.read(handle, some).thenCompose(marks -> {
      long now = clock.ticks();
      List<MarkWrite> candidates = new ArrayList<>();
      for (int i = 0; i < some.size(); i++) {
        WindowRecord mark = nodes.window(marks.get(i));
        int version = marks.get(i).get().stat().getVersion();
        if (!isWornOut(version)) {
          candidates.add(
              new MarkWrite(some.get(i), version, new WindowRecord(mark.until(), nextWrite())));
        }
      }
      // Behind the clock in random order, so that many that start together do not choose the same;
      // then the least.
      candidates.sort(Comparator.comparingLong(
          write -> write.mark().until() <= now ? 0 : write.mark().until()));
      return claimNext(handle, seen, new ArrayDeque<>(candidates));
    });
  }

  private String nextWrite() {
    return nonce + "-" + ++writes;
  }

  private CompletableFuture<Boolean> claimNext(
      SessionHandle handle, SeenRecord seen, Deque<MarkWrite> candidates) {
    MarkWrite write = candidates.poll();
    if (write == null) {
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    List<Op> ops = List.of(nodes.record().check(seen), createOwner(write.slot()), set(write));
    ownerSession = handle;
    handle.multi(ops, answer -> {
      if (answer.isOk()) {
        Stat stat = Multi.statAt(2, answer);
        clock.onWritten(stat.getMtime());
        hold(write, stat);
        done.complete(false);
      } else if (SlotNodes.isRecordChanged(answer)) {
        known = null;
        done.complete(false);
      } else if (isTaken(answer)) {
        claimNext(handle, seen, candidates).whenComplete((claimed, failure) -> {
          if (failure == null) {
            done.complete(claimed);
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

  private static boolean isWornOut(int version) {
    return version < 0 || version >= IdNode.VERSION_LIMIT;
  }

  private void hold(MarkWrite claim, Stat stat) {
    long floor = Math.max(endBefore(claim.mark().until()), lastTick);
    held = new HeldSlot(
        new SlotTicks(claim.slot(), layout.sequenceBits(), floor),
        stat.getVersion(),
        stat.getCzxid(),
        client.incarnation());
    pace = new TickPace(floor, client.timekeeper().nanos());
    createsOwner = false;
  }

  /** The last tick that the slot has used, by the end of its mark when it was claimed. */
  long endBefore(long until) {
    return until;
  }

  /** Finds out what became of a claim that was not answered. */
  private CompletableFuture<Void> recall(SessionHandle handle, MarkWrite claim) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    handle.sync(nodes.mark(claim.slot()), synced -> {});
    List<String> paths =
        List.of(nodes.mark(claim.slot()).value(), nodes.owner(claim.slot()).value());
    Multi.readNodes(handle, paths, answers -> {
      Answer<SessionHandle.Node> mark = answers.get(0);
      if (!mark.isOk()) {
        done.completeExceptionally(nodes.failure(mark));
        return;
      }
      try {
        Answer<SessionHandle.Node> owner = answers.get(1);
        boolean mine = owner.isOk()
            && handle.owns(owner.get().stat())
            && isMine(owner.get().data());
        if (mine && claim.mark().equals(nodes.window(mark))) {
          hold(claim, mark.get().stat());
        } else if (mine) {
          client.debt().delete(handle, nodes.owner(claim.slot()));
        }
        unanswered = null;
        done.complete(null);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  // Extend.

  /** Returns true when the slot has a further window, false when it has to be tried again. */
  private CompletableFuture<Boolean> extend(SessionHandle handle, SeenRecord seen, HeldSlot mine) {
    MarkWrite write = unanswered == null ? extension(seen, mine) : unanswered;
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    ownerSession = createsOwner ? handle : ownerSession;
    Op owner = createsOwner
        ? createOwner(write.slot())
        : Op.check(nodes.owner(write.slot()).value(), 0);
    handle.multi(List.of(nodes.record().check(seen), owner, set(write)), answer -> {
      try {
        onExtended(handle, seen, mine, write, answer, done);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  private MarkWrite extension(SeenRecord seen, HeldSlot mine) {
    long from = Math.max(
        Math.max(mine.ticks.until(), seen.record().base()),
        Math.max(clock.ticks(), mine.ticks.lastTick()));
    long end = from + width;
    if (end > layout.lastTick() || end < 0) {
      throw new IdBlockedException(nodes + ": its " + layout.timeBits() + " time bits are used up ("
          + layout + "); a new name with another layout is needed");
    }
    return new MarkWrite(mine.ticks.slot(), mine.version, new WindowRecord(end, nextWrite()));
  }

  private void onExtended(
      SessionHandle handle,
      SeenRecord seen,
      HeldSlot mine,
      MarkWrite write,
      Answer<List<OpResult>> answer,
      CompletableFuture<Boolean> done) {
    if (answer.isOk()) {
      Stat stat = Multi.statAt(2, answer);
      clock.onWritten(stat.getMtime());
      createsOwner = false;
      apply(seen, mine, write, stat, done);
    } else if (SlotNodes.isRecordChanged(answer)) {
      known = null;
      done.complete(false);
    } else if (Multi.isRefusedAt(1, answer) && answer.code() != Code.NOAUTH) {
      createsOwner = !createsOwner;
      done.complete(false);
    } else if (Multi.isRefusedAt(2, answer) && answer.code() == Code.BADVERSION) {
      settle(handle, seen, mine, write, done);
    } else {
      unanswered = !answer.isAnswered() && answer.sent() ? write : unanswered;
      done.completeExceptionally(nodes.failure(answer));
    }
  }

  /** The version has moved: by the own write, whose answer was lost, or by another process that took the slot. */
  private void settle(
      SessionHandle handle,
      SeenRecord seen,
      HeldSlot mine,
      MarkWrite write,
      CompletableFuture<Boolean> done) {
    nodes.read(handle, List.of(write.slot())).whenComplete((marks, failure) -> {
      if (failure != null) {
        done.completeExceptionally(failure);
        return;
      }
      try {
        Stat stat = marks.get(0).get().stat();
        if (isOwnWrite(nodes.window(marks.get(0)), write)) {
          apply(seen, mine, write, stat, done);
        } else {
          leave(handle, mine);
          done.complete(false);
        }
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
  }

  /** Tells if the mark that is stored is the one that was written. */
  boolean isOwnWrite(WindowRecord stored, MarkWrite write) {
    return stored.equals(write.mark());
  }

  private void apply(
      SeenRecord seen, HeldSlot mine, MarkWrite write, Stat stat, CompletableFuture<Boolean> done) {
    unanswered = null;
    SlotTicks ticks = mine.ticks;
    if (stat.getCzxid() != mine.czxid) {
      lastTick = Math.max(lastTick, ticks.release());
      held = null;
      throw new IdBlockedException(
          nodes + ": the mark of slot " + write.slot() + " was deleted and created again");
    }
    long end = write.mark().until();
    long floor = Math.max(ticks.until(), seen.record().base());
    held = new HeldSlot(ticks, stat.getVersion(), stat.getCzxid(), client.incarnation());
    if (floor >= end) {
      ticks.extend(end, end);
      done.complete(false); // written for an earlier base: no tick of it may be used
      return;
    }
    if (floor > ticks.until()) {
      pace = new TickPace(
          floor, client.timekeeper().nanos()); // do not wait for a mark or base in the future
    }
    ticks.extend(floor, end);
    half = end - (end - floor) / 2;
    requested = null;
    width = Math.min(widest, width * 2);
    done.complete(true);
  }

  /** Gives the slot up, because another process has it; what is left of its windows is skipped. */
  private void leave(SessionHandle handle, HeldSlot mine) {
    lastTick = Math.max(lastTick, mine.ticks.release());
    held = null;
    unanswered = null;
    log.info("{}: slot {} is left", nodes, mine.ticks.slot());
    forget(handle, mine.ticks.slot());
  }

  /** Deletes the owner's node if this session created it for this object. */
  private void forget(SessionHandle handle, int slot) {
    handle.getData(nodes.owner(slot), null, read -> {
      if (read.isOk() && handle.owns(read.get().stat()) && isMine(read.get().data())) {
        client.debt().delete(handle, nodes.owner(slot));
      }
    });
  }

  private boolean isMine(byte[] owner) {
    return SlotOwnerRecord.CODEC.decode(owner) instanceof Decoded.Value<SlotOwnerRecord> value
        && value.value().nonce().equals(nonce);
  }

  private Op createOwner(int slot) {
    SlotOwnerRecord owner =
        new SlotOwnerRecord(nonce, client.label(), ProcessHandle.current().pid());
    return Op.create(
        nodes.owner(slot).value(),
        SlotOwnerRecord.CODEC.encode(owner),
        client.acl(nodes.owner(slot)),
        CreateMode.EPHEMERAL);
  }

  private Op set(MarkWrite write) {
    if (isWornOut(write.version())) {
      throw new IdBlockedException(
          nodes + ": slot " + write.slot() + " is worn out by " + write.version() + " windows");
    }
    return Op.setData(
        nodes.mark(write.slot()).value(),
        WindowRecord.CODEC.encode(write.mark()),
        conditionOf(write));
  }

  /** The version that the mark must have. */
  int conditionOf(MarkWrite write) {
    return write.version();
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
    MarkWrite open = unanswered;
    held = null;
    if (mine == null) {
      if (open != null) {
        deleteOwner(open.slot());
      }
      return;
    }
    int slot = mine.ticks.slot();
    long last = mine.ticks.release();
    SeenRecord seen = known;
    SessionHandle handle = client.handle().filter(SessionHandle::isConnected).orElse(null);
    if (seen == null || handle == null || open != null || createsOwner) {
      deleteOwner(slot); // the mark stays where it is: the ticks up to it are skipped
      return;
    }
    MarkWrite write = new MarkWrite(slot, mine.version, new WindowRecord(last, nextWrite()));
    List<Op> ops =
        List.of(nodes.record().check(seen), Op.delete(nodes.owner(slot).value(), 0), set(write));
    handle.multi(ops, answer -> {
      if (!answer.isOk()) {
        log.info("{}: the ticks of slot {} are skipped: {}", nodes, slot, answer.code());
        deleteOwner(slot);
      }
    });
  }

  private void deleteOwner(int slot) {
    SessionHandle session = ownerSession;
    if (session != null) {
      client.debt().delete(session, nodes.owner(slot));
    }
  }

  @Override
  public String toString() {
    return nodes.toString();
  }
}
