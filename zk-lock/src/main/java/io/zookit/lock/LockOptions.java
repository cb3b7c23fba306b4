package io.zookit.lock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How requests of a lock are made.
 *
 * @param observers who hears of them
 * @param party who asks, when it said so
 * @param deadlockAfter how long a request waits before it looks for a cycle; never when absent
 * @param label what a candidate of an election is called
 * @param departure how a lease's nodes are given up
 * @param holdAtMost the longest that a lease is held; without limit when absent
 */
record LockOptions(
    LockObservers observers,
    @Nullable String party,
    @Nullable Duration deadlockAfter,
    @Nullable String label,
    ReleaseStrategy departure,
    @Nullable Duration holdAtMost) {

  /** Nothing but somebody who hears of them. */
  static LockOptions observedBy(LockObservers observers) {
    return new LockOptions(observers, null, null, null, ReleaseStrategy.PLAIN, null);
  }

  /** Nothing, and nobody hears of them. */
  static LockOptions plain(String name) {
    return observedBy(LockObservers.nobody(name));
  }

  LockOptions withDeadlockSearch(String asking, Duration after) {
    return new LockOptions(observers, asking, after, label, departure, holdAtMost);
  }

  LockOptions withLabel(String called) {
    return new LockOptions(observers, party, deadlockAfter, called, departure, holdAtMost);
  }

  LockOptions withDeparture(ReleaseStrategy other) {
    return new LockOptions(observers, party, deadlockAfter, label, other, holdAtMost);
  }

  LockOptions withHoldAtMost(@Nullable Duration limit) {
    return new LockOptions(observers, party, deadlockAfter, label, departure, limit);
  }

  /** Who asks, as it stands in the queue node. */
  OwnerRecord record(OwnerRecord process) {
    OwnerRecord asking = party == null ? process : process.ofParty(party);
    return label == null ? asking : asking.ofLabel(label);
  }
}
