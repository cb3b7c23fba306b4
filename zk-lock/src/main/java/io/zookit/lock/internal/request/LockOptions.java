package io.zookit.lock.internal.request;

import io.zookit.lock.internal.lease.LockObservers;
import io.zookit.lock.internal.store.OwnerRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Options of the requests of a lock.
 *
 * @param observers what is notified of them
 * @param party the party that requests, if it is named
 * @param deadlockAfter how long a request waits before it searches for a cycle; never if null
 * @param label the name of a candidate of an election
 * @param holdAtMost the longest that a lease is held; without limit if null
 */
public record LockOptions(
    LockObservers observers,
    @Nullable String party,
    @Nullable Duration deadlockAfter,
    @Nullable String label,
    @Nullable Duration holdAtMost) {

  /** Returns the defaults. */
  public static LockOptions observedBy(LockObservers observers) {
    return new LockOptions(observers, null, null, null, null);
  }

  /** Returns the defaults, for a lock without an observer. */
  public static LockOptions plain(LockEngine engine, String name) {
    return observedBy(LockObservers.unobserved(engine.meters(), name));
  }

  public LockOptions withDeadlockSearch(String requesting, Duration after) {
    return new LockOptions(observers, requesting, after, label, holdAtMost);
  }

  public LockOptions withLabel(String candidate) {
    return new LockOptions(observers, party, deadlockAfter, candidate, holdAtMost);
  }

  public LockOptions withHoldAtMost(@Nullable Duration limit) {
    return new LockOptions(observers, party, deadlockAfter, label, limit);
  }

  /** Returns what a queue node of these requests says about its owner. */
  OwnerRecord record(OwnerRecord process) {
    OwnerRecord requesting = party == null ? process : process.ofParty(party);
    return label == null ? requesting : requesting.ofLabel(label);
  }
}
