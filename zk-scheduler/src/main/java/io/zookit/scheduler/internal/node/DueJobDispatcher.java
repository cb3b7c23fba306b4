package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.rules.Plan;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.Ranking;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.run.RegisteredHandler;
import io.zookit.scheduler.internal.run.RunningJobs;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.SlotClaimer;
import io.zookit.scheduler.time.Slot;
import io.zookit.scheduler.trigger.Timetable;
import io.zookit.scheduler.trigger.TriggerEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides when this node looks at a job, and what it does then.
 *
 * <p>A node that is first for a job is woken at its slots and claims at once, without reading when it wrote the state
 * last. Every other one is woken later by its place in the {@link ClaimOrder} and reads before it acts, so any number of
 * nodes may hang without stopping a job. A leaving node makes all look at what it may have left. Lives on the loop.
 */
final class DueJobDispatcher {

  private static final long SHIFT_MILLIS = 100;
  private static final long REARM_MILLIS = 1_000;
  private static final long SWEEP_MILLIS = 30_000;
  private static final long RELOOK_MILLIS = 1_900;
  private static final long BUSY_MILLIS = 100;
  private static final long PAUSE_MILLIS = 60_000;
  private static final long SHARD_MILLIS = 150;
  private static final long SHARDS_MILLIS = 400;
  private static final int JITTER_DIVISOR = 4;

  private final NodeContext context;
  private final TriggerEngine engine;
  private final JobCache book;
  private final SlotClaimer claims;
  private final RunningJobs runs;
  private final ShardCoordinator shards;
  private final Function<String, @Nullable RegisteredHandler> handlers;
  private final ManualTriggerQueue triggers = new ManualTriggerQueue();
  private long armedShift;
  private boolean closed;

  DueJobDispatcher(
      NodeContext context,
      TriggerEngine engine,
      JobCache book,
      SlotClaimer claims,
      RunningJobs runs,
      ShardCoordinator shards,
      Function<String, @Nullable RegisteredHandler> handlers) {
    this.context = context;
    this.engine = engine;
    this.book = book;
    this.claims = claims;
    this.runs = runs;
    this.shards = shards;
    this.handlers = handlers;
  }

  void start() {
    engine.start(name -> context.loop.execute(() -> onFired(name)));
    context.later(REARM_MILLIS, this::watchShift);
    context.later(SWEEP_MILLIS, this::sweep);
  }

  void close() {
    closed = true;
    engine.close();
  }

  /**
   * The ranking or the clock is another. What a job has waiting was passed over as long as this node could not run it, or
   * did not know.
   */
  void onMembers(boolean somebodyLeft) {
    book.entries().forEach(this::reorder);
    armAll();
    for (CachedJob entry : book.entries()) {
      int rank = rank(entry);
      boolean mayNow = entry.rank < 0 && rank != entry.rank;
      entry.rank = rank;
      if (rank == 0 || somebodyLeft || mayNow) {
        context.later(rank < 0 ? 0 : delay(entry), () -> book.want(entry.name));
      }
    }
  }

  void onGone(String name) {
    engine.disarm(name);
  }

  void onRead(CachedJob entry, boolean changed) {
    if (reorder(entry) || changed || entry.timeline.isDelay()) {
      arm(entry);
    }
    entry.triggers.stream()
        .filter(trigger -> entry.state.hasTaken(trigger.id()))
        .forEach(taken -> claims.discard(entry, taken));
    consider(entry);
  }

  void onWritten(CachedJob entry) {
    if (reorder(entry) || entry.timeline.isDelay()) {
      arm(entry);
    }
    consider(entry);
  }

  private int rank(CachedJob entry) {
    return context.ranking.rank(context.nodeName, entry.job());
  }

  /** Returns the number of nodes that consider the job before this one, which can run it. */
  private int place(CachedJob entry) {
    return entry.order.place(context.nodeName);
  }

  /**
   * Updates the order of the nodes from the claims of the last slots; returns whether this node now considers the job
   * at a different time.
   */
  private boolean reorder(CachedJob entry) {
    int before = place(entry);
    entry.order = ClaimOrder.of(
        context.ranking.ranked(entry.job()),
        entry.state,
        node -> Math.max(entry.definedSince, context.claimsSince(node)));
    return place(entry) != before;
  }

  /** Returns how long this node waits for those before it, given the due time of a slot. */
  private long delay(CachedJob entry, long slot) {
    int rank = rank(entry);
    if (rank < 0) {
      int among = context.ranking.rankAmongAll(context.nodeName, entry.name);
      return ClaimOrder.delayMillis(among, ClaimOrder.MOST_UNIT_MILLIS);
    }
    long unit = ClaimOrder.unitMillis(
        entry.timeline.distance(slot, entry.state.lastEnd()), context.commitMillis());
    return delay(entry.name, rank, place(entry), slot, unit);
  }

  /** The first by rank never waits; two others in one place, as far as they know, seldom look at the same moment. */
  private long delay(String job, int rank, int place, long slot, long unit) {
    long most = Math.max(1, unit / JITTER_DIVISOR);
    long jitter = rank == 0 ? 0 : Math.floorMod(Ranking.hash(context.nodeName, job, slot), most);
    return ClaimOrder.delayMillis(place, unit) + jitter;
  }

  /** Returns the same delay for work other than a slot, which waits from now on. */
  private long delay(CachedJob entry) {
    long now = context.clock.now();
    return delay(entry, now + entry.timeline.distance(now, entry.state.lastEnd()));
  }

  /**
   * The trigger of a job fires. The cluster's clock may have gone back by a little since it was armed: then nothing is due
   * yet, and as it will not fire again for this slot, that is waited for here.
   */
  private void onFired(String name) {
    long early = context.clock.isKnown() ? shift() - armedShift : 0;
    if (early > 0) {
      context.later(Math.min(early, SHIFT_MILLIS), () -> onDue(name));
    } else {
      onDue(name);
    }
  }

  private void onDue(String name) {
    CachedJob entry = book.entry(name);
    if (entry == null || entry.busy || closed || !context.isConnected()) {
      return;
    }
    if (rank(entry) == 0 && entry.own) {
      consider(entry);
    } else {
      book.want(name);
    }
  }

  private void lookLater(CachedJob entry, long millis) {
    if (!entry.lookPending) {
      entry.lookPending = true;
      context.later(millis, () -> {
        entry.lookPending = false;
        book.want(entry.name);
      });
    }
  }

  /** Does what there is to do for a job whose state was read, or written, just now. */
  private void consider(CachedJob entry) {
    boolean ready = context.clock.isKnown() && context.isConnected() && !closed;
    if (!ready || context.ranking.nodes().isEmpty()) {
      entry.rank = CachedJob.UNSEEN;
      return;
    }
    if (entry.rank == CachedJob.UNSEEN) {
      entry.rank = rank(entry);
    }
    if (entry.busy || entry.alone || entry.isDeleted()) {
      return;
    }
    if (!context.settings.canGrant()) {
      lookLater(
          entry, RELOOK_MILLIS); // no outcome is decided by data that an operator must judge first
      return;
    }
    for (ClaimRecord claim : entry.state.open()) {
      if (runs.run(claim.id()) == null && considerForeign(entry, claim)) {
        return;
      }
    }
    if (!entry.planner().hasRoom(entry.state)) {
      considerReplacement(entry);
      return;
    }
    CachedJob.Trigger trigger = triggers.next(entry);
    if (trigger == null || !considerTrigger(entry, trigger)) {
      considerSlots(entry);
    }
  }

  /** Returns whether an action is taken for a claim that is not run here. */
  private boolean considerForeign(CachedJob entry, ClaimRecord claim) {
    if (claim.kind() == StateRecord.Kind.SHARDS) {
      shards.look(entry, claim);
      return false;
    }
    if (entry.isPresent(claim)) {
      entry.absent.remove(claim.id());
      return false;
    }
    int rank = rank(entry);
    long now = context.clock.now();
    long since = entry.absent.computeIfAbsent(claim.id(), any -> now);
    long grace = rank < 0 ? behindAll(entry) : delay(entry);
    if (now < since + grace) {
      lookLater(entry, since + grace - now);
      return true;
    }
    if (!entry.job().policies().reruns(claim.attempt())) {
      claims.markOrphaned(entry, claim);
    } else if (canRun(entry)) {
      claims.rerun(entry, claim);
    } else {
      lookLater(entry, RELOOK_MILLIS);
    }
    return true;
  }

  /** Returns how long a node that cannot run a job waits, so that all nodes that can come first. */
  private long behindAll(CachedJob entry) {
    int before = context.ranking.capable(entry.job()).size()
        + context.ranking.rankAmongAll(context.nodeName, entry.name);
    return ClaimOrder.delayMillis(before, ClaimOrder.MOST_UNIT_MILLIS);
  }

  private void considerReplacement(CachedJob entry) {
    ClaimRecord old = entry.state.open().get(0);
    boolean wanted = entry.job().policies().overlap() == Overlap.REPLACE
        && old.kind() == StateRecord.Kind.RUN
        && !entry.planner().due(entry.state, context.clock.now()).isEmpty();
    if (!wanted) {
      return;
    }
    LiveRun own = runs.run(old.id());
    Long patience = entry.job().policies().evictAfter();
    Long asked = old.id().equals(entry.control.cancel()) ? entry.control.cancelAt() : null;
    if (own != null) {
      runs.cancel(own, LiveRun.Phase.CANCELLED);
    }
    if (asked == null) {
      claims.requestCancel(entry, old);
    } else if (patience != null && context.clock.now() > asked + patience && canRun(entry)) {
      claims.evict(entry, old);
    }
    lookLater(entry, 500);
  }

  /** Returns whether this trigger takes precedence over the slots. */
  private boolean considerTrigger(CachedJob entry, CachedJob.Trigger trigger) {
    if (rank(entry) < 0) {
      return false;
    }
    long delay = delay(entry);
    long eligible = trigger.record().slot().at() + delay;
    long wait = Math.min(eligible - context.clock.now(), delay);
    if (wait > 0) {
      lookLater(entry, wait);
      return false;
    }
    if (!canRun(entry)) {
      lookLater(entry, busyMillis());
      return true;
    }
    claims.claim(entry, trigger);
    return true;
  }

  private boolean canRun(CachedJob entry) {
    return rank(entry) >= 0
        && runs.hasRoom()
        && context.settings.canGrant()
        && handlers.apply(entry.job().handler()) != null
        && !runs.hasZombie(entry.name);
  }

  /**
   * Returns the delay until the next evaluation of a busy node: one that cannot issue tokens waits for an operator, not
   * for a run to end.
   */
  private long busyMillis() {
    return context.settings.canGrant() ? BUSY_MILLIS : RELOOK_MILLIS;
  }

  private void considerSlots(CachedJob entry) {
    long now = context.clock.now();
    int rank = rank(entry);
    RegisteredHandler handling = handlers.apply(entry.job().handler());
    boolean capable = rank >= 0 && handling != null;
    if (!capable && !context.ranking.capable(entry.job()).isEmpty()) {
      return;
    }
    Plan plan = entry
        .planner()
        .plan(entry.state, now, capable, handling == null ? Long.MAX_VALUE : handling.since());
    if (plan.changesNothing()) {
      return;
    }
    Slot slot = plan.start();
    long turn = slot == null || handling == null ? now : turn(entry, plan, rank, handling.since());
    if (slot != null && now < turn) {
      lookLater(entry, turn - now);
    } else if (slot != null && !canRun(entry)) {
      lookLater(entry, busyMillis());
    } else if (slot != null) {
      claims.claim(entry, plan, slot);
    } else if (isWorthWriting(entry, plan, now)) {
      claims.pass(entry, plan);
    }
  }

  /**
   * Returns the time at which this node may claim: a delay after the oldest waiting slot. Counted from the newest one,
   * it would never come if slots followed each other faster than the delay. A node that has just joined lets the first
   * node go ahead.
   */
  private long turn(CachedJob entry, Plan plan, int rank, long since) {
    long waiting = plan.waiting() + entry.job().jitter();
    if (entry.state.queued() != null) {
      waiting = Math.max(waiting, entry.state.lastEnd());
    }
    return Math.max(waiting, rank == 0 ? 0 : since) + delay(entry, plan.waiting());
  }

  /** Slots of a paused job are recorded together, once in a while. */
  private static boolean isWorthWriting(CachedJob entry, Plan plan, long now) {
    return !entry.control.isPaused()
        || now - entry.state.watermark() > PAUSE_MILLIS
        || plan.passed() >= Planner.MOST_PASSED;
  }

  private void arm(CachedJob entry) {
    int rank = rank(entry);
    List<String> capable = context.ranking.capable(entry.job());
    boolean mine = rank >= 0 || capable.isEmpty();
    if (closed) {
      return;
    }
    if (entry.alone || entry.isDeleted() || !mine || !context.clock.isKnown()) {
      engine.disarm(entry.name);
      return;
    }
    Timetable looks = rank < 0 || entry.job().mode() != JobMode.EXCLUSIVE
        ? looksAfterAll(entry, rank)
        : rank == 0 ? looksAtOnce(entry) : looksInTurn(entry, rank);
    engine.arm(entry.name, after -> looks.next(after).filter(fire -> fire.isAfter(Instant.EPOCH)));
  }

  private Timetable looksAtOnce(CachedJob entry) {
    return later(entry, entry.job().jitter() + armedShift, 0);
  }

  /** Of a job in shards, which all take shard in, or one that no node can run. */
  private Timetable looksAfterAll(CachedJob entry, int rank) {
    long lag = entry.job().jitter() + armedShift;
    return rank < 0
        ? later(entry, lag + delay(entry, 0) + entry.job().policies().window(), RELOOK_MILLIS)
        : later(entry, lag + rank * SHARD_MILLIS, rank == 0 ? 0 : SHARDS_MILLIS);
  }

  /** All slots, by as much later, but not more often than that. */
  private static Timetable later(CachedJob entry, long lag, long leastDistance) {
    ScheduleTimeline timeline = entry.timeline;
    long lastEnd = entry.state.lastEnd();
    return after -> timeline
        .next(after.toEpochMilli() - lag, lastEnd)
        .map(slot -> latest(slot.instant().plusMillis(lag), after.plusMillis(leastDistance)));
  }

  /** Each slot as much later as the nodes before this one have time, and not more often than that. */
  private Timetable looksInTurn(CachedJob entry, int rank) {
    String job = entry.name;
    ScheduleTimeline timeline = entry.timeline;
    int place = place(entry);
    long lag = entry.job().jitter() + armedShift;
    long lastEnd = entry.state.lastEnd();
    long most = ClaimOrder.delayMillis(place + 1, ClaimOrder.MOST_UNIT_MILLIS);
    return after -> {
      Optional<Slot> slot = timeline.next(after.toEpochMilli() - lag - most, lastEnd);
      while (slot.isPresent()) {
        long at = Planner.millis(slot.get());
        Optional<Slot> next = timeline.next(at, lastEnd);
        long unit = ClaimOrder.unitMillis(
            next.map(following -> Planner.millis(following) - at).orElse(Long.MAX_VALUE), 0);
        Instant fire = Instant.ofEpochMilli(at + lag + delay(job, rank, place, at, unit));
        if (fire.isAfter(after)) {
          return Optional.of(latest(fire, after.plusMillis(ClaimOrder.delayMillis(place, unit))));
        }
        slot = next;
      }
      return Optional.empty();
    };
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private long shift() {
    return engine.now().toEpochMilli() - context.clock.now();
  }

  private void armAll() {
    if (context.clock.isKnown()) {
      armedShift = shift();
      book.entries().forEach(this::arm);
    }
  }

  /** Re-arms the triggers after a clock was set, this machine's or all of them. */
  private void watchShift() {
    if (closed) {
      return;
    }
    if (context.clock.isKnown() && Math.abs(shift() - armedShift) > SHIFT_MILLIS) {
      armAll();
      book.entries().stream()
          .filter(entry -> rank(entry) >= 0)
          .forEach(entry -> book.want(entry.name));
    }
    context.later(REARM_MILLIS, this::watchShift);
  }

  /** Finds the jobs that no trigger and no notice has reported. */
  private void sweep() {
    if (closed) {
      return;
    }
    if (context.isConnected() && context.clock.isKnown()) {
      long now = context.clock.now();
      book.entries().stream()
          .filter(entry -> (rank(entry) <= 0 || place(entry) == 0)
              && now - entry.lastRead > Duration.ofSeconds(20).toMillis())
          .forEach(entry -> book.want(entry.name));
    }
    context.later(SWEEP_MILLIS, this::sweep);
  }
}
