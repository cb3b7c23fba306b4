package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.Ranking;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.time.Slot;
import io.zookit.scheduler.trigger.Timetable;
import java.time.Instant;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Rules for the time at which a node considers a job.
 *
 * <p>A node that is first for a job is woken at its slots. Every other one is woken later by its place in the {@link
 * ClaimOrder}, so any number of nodes may hang without stopping a job. Pure.
 *
 * @param node the name of the node's znode
 * @param commitMillis current duration of a commit in milliseconds
 */
record NodeTurn(String node, Ranking ranking, long commitMillis) {

  /** Between two looks of a node that waits for others, or for an operator. */
  static final long RELOOK_MILLIS = 1_900;

  private static final long SHARD_MILLIS = 150;
  private static final long SHARDS_MILLIS = 400;
  private static final int JITTER_DIVISOR = 4;

  /** Returns the number of nodes that come before this one by their ranks; negative if it cannot run the job. */
  int rank(CachedJob job) {
    return ranking.rank(node, job.job());
  }

  /** Returns the number of nodes that consider the job before this one, which can run it. */
  int place(CachedJob job) {
    return job.order().place(node);
  }

  boolean hasCapableNode(CachedJob job) {
    return !ranking.capable(job.job()).isEmpty();
  }

  /**
   * Returns the order of the nodes by the claims of the last slots.
   *
   * @param since since when each node could have claimed slots
   */
  ClaimOrder order(CachedJob job, ToLongFunction<String> since) {
    return ClaimOrder.of(
        ranking.ranked(job.job()),
        job.state(),
        other -> Math.max(job.view().definedSince(), since.applyAsLong(other)));
  }

  /** Returns how long this node waits for those before it, given the due time of a slot. */
  long delayAfter(CachedJob job, long slot) {
    int rank = rank(job);
    if (rank < 0) {
      int among = ranking.rankAmongAll(node, job.name());
      return ClaimOrder.delayMillis(among, ClaimOrder.MOST_UNIT_MILLIS);
    }
    long unit =
        ClaimOrder.unitMillis(job.timeline().distance(slot, job.state().lastEnd()), commitMillis);
    return delay(job.name(), rank, place(job), slot, unit);
  }

  /** Returns the same delay for work other than a slot, which waits from now on. */
  long delay(CachedJob job, long now) {
    return delayAfter(job, now + job.timeline().distance(now, job.state().lastEnd()));
  }

  /** The first by rank never waits; two others in one place, as far as they know, seldom look at the same moment. */
  private long delay(String job, int rank, int place, long slot, long unit) {
    long most = Math.max(1, unit / JITTER_DIVISOR);
    long jitter = rank == 0 ? 0 : Math.floorMod(Ranking.hash(node, job, slot), most);
    return ClaimOrder.delayMillis(place, unit) + jitter;
  }

  /** Returns how long a node that cannot run a job waits, so that all nodes that can come first. */
  long behindAll(CachedJob job) {
    int before = ranking.capable(job.job()).size() + ranking.rankAmongAll(node, job.name());
    return ClaimOrder.delayMillis(before, ClaimOrder.MOST_UNIT_MILLIS);
  }

  /**
   * Returns when this node is to be woken for a job; empty if it is not.
   *
   * @param shift milliseconds that the clock of the triggers is ahead of the cluster's
   */
  Optional<Timetable> timetable(CachedJob job, long shift) {
    int rank = rank(job);
    boolean mine = rank >= 0 || !hasCapableNode(job);
    if (!job.readable() || job.isDeleted() || !mine) {
      return Optional.empty();
    }
    if (rank < 0 || job.job().mode() != JobMode.EXCLUSIVE) {
      return Optional.of(afterAll(job, rank, shift));
    }
    return Optional.of(
        rank == 0 ? later(job, job.job().jitter() + shift, 0) : inTurn(job, rank, shift));
  }

  /** Of a job in shards, which all take shard in, or one that no node can run. */
  private Timetable afterAll(CachedJob job, int rank, long shift) {
    long lag = job.job().jitter() + shift;
    return rank < 0
        ? later(job, lag + delayAfter(job, 0) + job.job().policies().window(), RELOOK_MILLIS)
        : later(job, lag + rank * SHARD_MILLIS, rank == 0 ? 0 : SHARDS_MILLIS);
  }

  /** All slots, by as much later, but not more often than that. */
  private static Timetable later(CachedJob job, long lag, long leastDistance) {
    ScheduleTimeline timeline = job.timeline();
    long lastEnd = job.state().lastEnd();
    return after -> timeline
        .next(after.toEpochMilli() - lag, lastEnd)
        .map(slot -> latest(slot.instant().plusMillis(lag), after.plusMillis(leastDistance)));
  }

  /** Each slot as much later as the nodes before this one have time, and not more often than that. */
  private Timetable inTurn(CachedJob job, int rank, long shift) {
    String name = job.name();
    ScheduleTimeline timeline = job.timeline();
    int place = place(job);
    long lag = job.job().jitter() + shift;
    long lastEnd = job.state().lastEnd();
    long most = ClaimOrder.delayMillis(place + 1, ClaimOrder.MOST_UNIT_MILLIS);
    return after -> {
      Optional<Slot> slot = timeline.next(after.toEpochMilli() - lag - most, lastEnd);
      while (slot.isPresent()) {
        long at = Planner.millis(slot.get());
        Optional<Slot> next = timeline.next(at, lastEnd);
        long unit = ClaimOrder.unitMillis(
            next.map(following -> Planner.millis(following) - at).orElse(Long.MAX_VALUE), 0);
        Instant fire = Instant.ofEpochMilli(at + lag + delay(name, rank, place, at, unit));
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
}
