package io.zookit.testkit.internal.sim;

/** A deliberate error of the simulation, by which a test shows that it would notice such an error. */
public enum Defect {
  /** A handle goes on with the next session when its own is over, and no listener learns of the loss. */
  SESSIONS_SWAPPED_SILENTLY,
  /** Watch events move the deadline of a session. */
  EVENTS_MOVE_THE_DEADLINE,
  /** A session whose deadline is over is still called safe. */
  DEADLINE_IGNORED,
  /** A session seems to own no nodes. */
  OWN_NODES_UNKNOWN,
  /** A sync is answered by a server that may lag. */
  SYNC_SKIPPED,
  /** Reads are served before the writes of their session. */
  READS_OVERTAKE_WRITES,
  /** The client library does not set its watches again when it reconnects. */
  WATCHES_FORGOTTEN,
  /** A delete that was not answered is reported as done. */
  LOST_DELETES_CONFIRMED,
  /** No part of a client is notified that the deadline of its session has passed. */
  DEADLINE_UNREPORTED,
  /** Deletes that are pending when the library gives a handle up are forgotten. */
  DEBTS_FORGOTTEN,
  /** Watches that ended with a handle are not set again. */
  WATCHES_UNREPORTED,
  /** Watches are not removed from the server. */
  WATCHES_LEFT,
  /** Of two reads of a node without a watch, the later is answered as the earlier was. */
  READS_REPEATED,
  /** Versions are not compared. */
  VERSIONS_IGNORED
}
