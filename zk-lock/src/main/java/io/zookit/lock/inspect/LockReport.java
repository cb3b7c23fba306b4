package io.zookit.lock.inspect;

import io.zookit.core.FencingToken;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The queue of a lock at one moment, as ZooKeeper has it. Immutable.
 *
 * @param name of the lock
 * @param entries the requests, in the order of the queue
 * @param permits what is known of a semaphore, or of numbered leases, each of which counts as one permit; empty for the rest
 * @param sequencesLeft how many more requests the queue takes before its numbers run out; they start again each time it
 *     is empty and more than half of them are used
 */
public record LockReport(
    String name, List<Entry> entries, Optional<Permits> permits, long sequencesLeft) {

  /** Creates a report. */
  public LockReport {
    entries = List.copyOf(entries);
  }

  /** What a request asks for. */
  public enum Mode {
    /** The lock, alone. */
    EXCLUSIVE,
    /** The lock, with others that share it. */
    SHARED,
    /** Permits of a semaphore. */
    PERMITS,
    /** Any free one of several numbered leases. */
    NUMBERED,
    /** Something that this version does not know; it conflicts with everything. */
    UNKNOWN
  }

  /** Where a request stands. */
  public enum Role {
    /** Its turn has come. */
    HOLDER,
    /** It waits for others. */
    WAITER,
    /** ZooKeeper does not tell: the maximum of a semaphore shrank below what is in use, or the mode is unknown. */
    UNCLEAR
  }

  /**
   * Who asks.
   *
   * @param label what the process is called
   * @param pid its process id on its machine
   * @param party who in that process, when it says so: a party that looks for deadlocks, a candidate of an election
   */
  public record Owner(String label, long pid, Optional<String> party) {}

  /**
   * One request.
   *
   * @param node the name of its node; no other request ever has it
   * @param permits how many it asks for; 1 for what is no semaphore
   * @param owner empty when what stands in the node cannot be read
   * @param since when it was made, by ZooKeeper's clock
   * @param token what a holder's grant has, and a waiter's will have, whatever it is handed on to within its process
   * @param revoke why somebody asked for the lock back, when somebody has
   */
  public record Entry(
      String node,
      Mode mode,
      int permits,
      Role role,
      Optional<Owner> owner,
      Instant since,
      FencingToken token,
      Optional<String> revoke) {

    /** The number of the lease that is held; empty for what has none, and for a request that still waits for one. */
    public OptionalInt number() {
      return QueueEntry.parse(node)
          .filter(entry -> entry.mode() == QueueEntry.NUMBERED)
          .map(entry -> OptionalInt.of(entry.number()))
          .orElse(OptionalInt.empty());
    }
  }

  /**
   * A semaphore's permits.
   *
   * @param maximum as it is set now
   * @param inUse those of all holders
   * @param unclear those of requests that hold or wait, which ZooKeeper does not tell
   */
  public record Permits(int maximum, long inUse, long unclear) {

    /** How many more than the maximum are surely in use, after it shrank. */
    public long overCommit() {
      return Math.max(0, inUse - maximum);
    }
  }

  /** Those whose turn has come. */
  public List<Entry> holders() {
    return with(Role.HOLDER);
  }

  /** Those who wait. */
  public List<Entry> waiters() {
    return with(Role.WAITER);
  }

  private List<Entry> with(Role role) {
    return entries.stream().filter(entry -> entry.role() == role).toList();
  }
}
