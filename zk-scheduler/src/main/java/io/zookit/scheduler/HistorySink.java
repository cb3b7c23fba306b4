package io.zookit.scheduler;

/**
 * Where a node writes the ends of runs, with all that is too long for ZooKeeper.
 *
 * <p><i>Threads:</i> called by one thread at a time, never by one that ZooKeeper waits for.
 *
 * <p><i>Failure:</i> what it throws is logged; the ledger in ZooKeeper does not depend on it.
 */
public interface HistorySink extends AutoCloseable {

  /** Keeps the end of a run. */
  void append(RunRecord run);

  @Override
  default void close() {}

  /** Keeps nothing. */
  static HistorySink none() {
    return run -> {};
  }
}
