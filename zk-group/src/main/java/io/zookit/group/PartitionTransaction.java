package io.zookit.group;

import java.util.concurrent.CompletableFuture;

/**
 * Changes of nodes in ZooKeeper that happen all or not at all, and only while a claim of a partition stands: the transaction
 * begins with a check of the record that counts the claims and of the claim. An owner that was stopped and has lost its
 * partition without knowing it changes nothing, also if the partition was claimed again since.
 *
 * <p>Not thread-safe. Paths are absolute as ZooKeeper knows them, also outside the client's root.
 *
 * <p><i>Cost:</i> one request, one round trip.
 */
public interface PartitionTransaction {

  /** Creates a persistent node; it must not exist, its parent must. */
  PartitionTransaction create(String path, byte[] data);

  /** Replaces the data of a node that has that version; −1 is any. */
  PartitionTransaction setData(String path, byte[] data, int version);

  /** Deletes a node that has that version and no children; −1 is any. */
  PartitionTransaction delete(String path, int version);

  /** Requires that a node has that version; −1 only requires that it exists. */
  PartitionTransaction check(String path, int version);

  /**
   * Makes the changes. The future completes on the client's executor.
   *
   * @return done when they are made; fails with {@link PartitionLostException} when the partition was lost, with {@link
   *     io.zookit.core.ZkUnavailableException} when the answer was lost (outcome unknown), else with {@link
   *     io.zookit.core.ZkException} saying which change was refused; then none was made
   */
  CompletableFuture<Void> commit();
}
