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

  /** The kind of a request. */
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

  /** The role of a request in its queue. */
  public enum Role {
    /** Its turn has come. */
    HOLDER,
    /** It waits for others. */
    WAITER,
    /** ZooKeeper does not tell: the maximum of a semaphore shrank below what is in use, or the mode is unknown. */
    UNCLEAR
  }

  /**
   * The owner of a request.
   *
   * @param label of the process
   * @param pid its process id on its machine
   * @param party in that process, if it is named: a party of deadlock detection, or a candidate of an election
   */
  public record Owner(String label, long pid, Optional<String> party) {}

  /**
   * One request.
   *
   * @param node the name of its node, which is unique
   * @param permits the number it requests; 1 except for semaphores
   * @param owner empty if the data of the node cannot be read
   * @param since the time of its creation, by ZooKeeper's clock
   * @param token that a holder's grant has, and a waiter's will have; without the number of hand-offs within its
   * process
   * @param revoke the reason of a revocation, if the request was revoked
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

    /** The number of permits in use beyond the maximum, after it shrank. */
    public long overCommit() {
      return Math.max(0, inUse - maximum);
    }
  }

  /** Those whose turn has come. */
  public List<Entry> holders() {
    return with(Role.HOLDER);
  }

  /** The waiting requests. */
  public List<Entry> waiters() {
    return with(Role.WAITER);
  }

  private List<Entry> with(Role role) {
    return entries.stream().filter(entry -> entry.role() == role).toList();
  }
}
