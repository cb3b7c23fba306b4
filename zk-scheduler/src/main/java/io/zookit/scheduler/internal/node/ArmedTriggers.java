package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.trigger.Timetable;
import io.zookit.scheduler.trigger.TriggerEngine;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The triggers that wake this node, by the clock of the trigger engine: armed again when that clock and the cluster's
 * move against each other. Confined to the loop.
 */
final class ArmedTriggers {

  private static final long SHIFT_MILLIS = 100;
  private static final long REARM_MILLIS = 1_000;

  private final NodeContext context;
  private final TriggerEngine engine;
  private final JobCache cache;
  private final Supplier<NodeTurn> turn;
  private long armedShift;
  private boolean closed;

  ArmedTriggers(
      NodeContext context, TriggerEngine engine, JobCache cache, Supplier<NodeTurn> turn) {
    this.context = context;
    this.engine = engine;
    this.cache = cache;
    this.turn = turn;
  }

  /**
   * Starts to fire.
   *
   * @param due receives the jobs whose triggers fired, on the loop
   */
  void start(Consumer<String> due) {
    engine.start(name -> context.loop.execute(() -> onFired(name, due)));
    context.later(REARM_MILLIS, this::watchShift);
  }

  void close() {
    closed = true;
    engine.close();
  }

  /**
   * The trigger of a job fires. The cluster's clock may have gone back by a little since it was armed: then nothing is due
   * yet, and as it will not fire again for this slot, that is waited for here.
   */
  private void onFired(String name, Consumer<String> due) {
    long early = context.clock.isKnown() ? shift() - armedShift : 0;
    if (early > 0) {
      context.later(Math.min(early, SHIFT_MILLIS), () -> due.accept(name));
    } else {
      due.accept(name);
    }
  }

  /** Arms the trigger of a job by this node's turn, or disarms it. */
  void arm(CachedJob job) {
    arm(turn.get(), job);
  }

  private void arm(NodeTurn by, CachedJob job) {
    if (closed) {
      return;
    }
    Optional<Timetable> times =
        context.clock.isKnown() ? by.timetable(job, armedShift) : Optional.empty();
    if (times.isPresent()) {
      Timetable wanted = times.get();
      engine.arm(
          job.name(), after -> wanted.next(after).filter(fire -> fire.isAfter(Instant.EPOCH)));
    } else {
      engine.disarm(job.name());
    }
  }

  void disarm(String job) {
    engine.disarm(job);
  }

  /** Arms the triggers of all jobs by the clocks as they are now. */
  void armAll() {
    if (context.clock.isKnown()) {
      armedShift = shift();
      NodeTurn by = turn.get();
      cache.jobs().forEach(job -> arm(by, job));
    }
  }

  private long shift() {
    return engine.now().toEpochMilli() - context.clock.now();
  }

  /** Re-arms the triggers after a clock was set, this machine's or all of them. */
  private void watchShift() {
    if (closed) {
      return;
    }
    if (context.clock.isKnown() && Math.abs(shift() - armedShift) > SHIFT_MILLIS) {
      armAll();
      NodeTurn by = turn.get();
      cache.jobs().stream().filter(job -> by.rank(job) >= 0).forEach(job -> cache.want(job.name()));
    }
    context.later(REARM_MILLIS, this::watchShift);
  }
}
