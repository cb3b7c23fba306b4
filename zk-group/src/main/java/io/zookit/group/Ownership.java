package io.zookit.group;

import java.util.List;

/**
 * The partitions that this process owns, over all sessions of its client.
 *
 * <p><i>Threads:</i> any.
 */
public interface Ownership extends AutoCloseable {

  /** The partitions that are claimed, owned or not yet ended, sorted. */
  List<PartitionStatus> partitions();

  /** Leaves the group; the same as {@link Membership#close}. */
  @Override
  void close();
}
