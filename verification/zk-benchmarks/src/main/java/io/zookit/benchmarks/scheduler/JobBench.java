package io.zookit.benchmarks.scheduler;

/** Nodes of Zookit or of a peer in one JVM, on which jobs are run each second; {@code close()} ends them. */
interface JobBench extends AutoCloseable {

  /** Is notified of each run as it begins. */
  @FunctionalInterface
  interface Fires {

    /** A job has begun to run for a slot, in epoch milliseconds. */
    void onFire(String job, long slot);
  }

  /** Defines jobs that are due each second, and starts the nodes if they are not on. */
  void start(int jobs) throws Exception;

  @Override
  void close() throws Exception;
}
