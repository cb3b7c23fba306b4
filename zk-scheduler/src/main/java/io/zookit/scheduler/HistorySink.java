package io.zookit.scheduler;

import java.time.Instant;
import java.util.List;

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

  /** A sink whose runs can be read again, so that {@link JobLedger#verify} reaches further back than the ledger. */
  interface Archive extends HistorySink {

    /** The runs of a job's slots after one instant and not after another, those asked for by hand too. */
    List<RunRecord> runs(String job, Instant after, Instant upTo);
  }

  /** Keeps nothing. */
  static HistorySink none() {
    return run -> {};
  }
}
