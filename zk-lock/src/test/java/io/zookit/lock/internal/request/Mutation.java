package io.zookit.lock.internal.request;

import io.zookit.testkit.internal.sim.Defect;
import org.jspecify.annotations.Nullable;

/** The deliberate errors of a simulation, in the simulated ZooKeeper or in a grant rule, which it must notice. */
public enum Mutation {
  /** No error: this one must pass. */
  NONE,
  SESSIONS_SWAPPED_SILENTLY(Defect.SESSIONS_SWAPPED_SILENTLY),
  EVENTS_MOVE_THE_DEADLINE(Defect.EVENTS_MOVE_THE_DEADLINE),
  DEADLINE_IGNORED(Defect.DEADLINE_IGNORED),
  OWN_NODES_UNKNOWN(Defect.OWN_NODES_UNKNOWN),
  SYNC_SKIPPED(Defect.SYNC_SKIPPED),
  READS_OVERTAKE_WRITES(Defect.READS_OVERTAKE_WRITES),
  WATCHES_FORGOTTEN(Defect.WATCHES_FORGOTTEN),
  DEBTS_FORGIVEN(Defect.LOST_DELETES_CONFIRMED),
  WATCHES_LEFT(Defect.WATCHES_LEFT),
  /** A lease is valid again after its deadline has passed. */
  LEASE_REVIVED(Defect.DEADLINE_UNREPORTED),
  /** The node of a lost lease is not deleted when its session turns out to live. */
  DEBTS_FORGOTTEN(Defect.DEBTS_FORGOTTEN),
  WATCHES_UNREPORTED(Defect.WATCHES_UNREPORTED),
  /** A lock is granted when only one is ahead. */
  RULE_SKIPS_ONE,
  /** Readers pass writers that wait. */
  RULE_LETS_READERS_PASS,
  /** The permits asked for are not counted. */
  RULE_FORGETS_OWN_PERMITS,
  /** A request follows one that is not granted. */
  SUCCESSION_OF_A_WAITER,
  /** A request follows one of its session that is not directly ahead. */
  SUCCESSION_OF_ANY_AHEAD,
  /** A request follows one that was lost or withdrawn. */
  SUCCESSION_OF_THE_LOST,
  /** The node of the predecessor is not deleted. */
  SUCCESSION_WITHOUT_DELETE,
  /** The node of the predecessor is deleted after the successor was granted. */
  SUCCESSION_BEFORE_DELETE,
  /** The nodes of the successor are not checked. */
  SUCCESSION_WITHOUT_CHECK,
  /** A request follows though a node ahead could not be deleted. */
  SUCCESSION_AFTER_A_REFUSAL,
  /** Of the successors in several queues only the first is notified. */
  SUCCESSION_IN_ONE_QUEUE,
  /** A delete that waits for a request is not sent if none comes. */
  RELEASE_WITHOUT_END_OF_DELAY,
  /** A create that was sent with a delete is sent again though the answer was lost. */
  RELEASE_WITH_UNANSWERED_CREATE_REPEATED,
  /** A create that was sent with a delete is not sent again though the transaction was refused. */
  RELEASE_WITH_REFUSED_CREATE_FORGOTTEN,
  /** Readers follow, and are followed, though others may share the lock with them. */
  SUCCESSION_OF_READERS,
  /** Permits are followed, though others may hold permits, too. */
  SUCCESSION_OF_PERMITS,
  /** A request follows though its session is not certainly alive. */
  SUCCESSION_IN_AN_UNSAFE_SESSION,
  /** The state of a lock counts as it was read when the request began. */
  EARLY_READ_COUNTS(Defect.READS_REPEATED);

  private final @Nullable Defect defect;

  Mutation() {
    this(null);
  }

  Mutation(@Nullable Defect defect) {
    this.defect = defect;
  }

  /** The errors of the simulated ZooKeeper. */
  Defect[] defects() {
    return defect == null ? new Defect[0] : new Defect[] {defect};
  }
}
