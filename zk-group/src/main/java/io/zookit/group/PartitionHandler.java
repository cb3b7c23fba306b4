package io.zookit.group;

/** The work on a partition. */
@FunctionalInterface
public interface PartitionHandler {

  /**
   * Runs a partition until the thread is interrupted or the partition is revoked. One that returns earlier keeps it: the work
   * may go on in threads of its own, which {@link Partition#onRevoke} has to end.
   *
   * <p>Each call has a thread of its own, a virtual one where there are any. One that throws is called again after 1 s, 2 s, …
   * 60 s; after the third time other members are tried.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  void run(Partition partition) throws InterruptedException;
}
