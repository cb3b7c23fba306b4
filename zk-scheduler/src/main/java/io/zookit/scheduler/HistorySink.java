package io.zookit.scheduler;

import java.time.Instant;
import java.util.List;

/**
 * Destination of the end records of runs, including everything that is too long for ZooKeeper.
 *
 * <p><i>Threads:</i> called by one thread at a time, never by one that ZooKeeper waits for.
 *
 * <p><i>Failure:</i> exceptions are logged; the ledger in ZooKeeper does not depend on the sink.
 */
public interface HistorySink extends AutoCloseable {

  /** Keeps the end of a run. */
  void append(RunRecord run);

  @Override
  default void close() {}

  /** A sink whose runs can be read again, so that {@link JobLedger#verify} reaches further back than the ledger. */
  interface Archive extends HistorySink {

    /** Returns the runs of a job's slots after one instant, exclusive, up to another, inclusive; manual ones too. */
    List<RunRecord> runs(String job, Instant after, Instant upTo);
  }

  /** Keeps nothing. */
  static HistorySink none() {
    return run -> {};
  }
}
