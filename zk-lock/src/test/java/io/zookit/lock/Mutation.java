package io.zookit.lock;

/** What a simulation breaks on purpose, to show that it would notice. */
enum Mutation {
  /** Nothing: this one must pass. */
  NONE,
  /** The client library goes on with the same handle when its session is over, so nobody hears of a loss. */
  SESSIONS_SWAPPED_SILENTLY,
  /** Watch events move the deadline of a session. */
  EVENTS_MOVE_THE_DEADLINE,
  /** A session whose deadline is over is still called safe. */
  DEADLINE_IGNORED,
  /** After a reconnect nobody learns which nodes the session owns. */
  OWN_NODES_UNKNOWN,
  /** What a session owns is read from a server that may lag. */
  SYNC_SKIPPED,
  /** Reads are served before the writes of their session. */
  READS_OVERTAKE_WRITES,
  /** The client library does not set its watches again when it reconnects. */
  WATCHES_FORGOTTEN,
  /** A delete whose answer is lost is taken for done. */
  DEBTS_FORGIVEN,
  /** Watches are not taken off. */
  WATCHES_LEFT,
  /** A lock is granted when only one is ahead. */
  RULE_SKIPS_ONE,
  /** Readers pass writers that wait. */
  RULE_LETS_READERS_PASS,
  /** The permits asked for are not counted. */
  RULE_FORGETS_OWN_PERMITS
}
