package io.zookit.lock;

import java.util.concurrent.CompletableFuture;

/**
 * Changes of nodes in ZooKeeper that happen all or not at all, and only while a lease holds its lock: the transaction
 * begins with a check that the lease's own node exists. A holder that was stopped and has lost its lock without knowing
 * it changes nothing.
 *
 * <p>Not thread-safe. Paths are absolute as ZooKeeper knows them, also outside the client's root.
 *
 * <p><i>Cost:</i> one request, one round trip.
 */
public interface FencedTransaction {

  /**
   * Creates a persistent node; it must not exist, its parent must. Admins and applications may do everything with it but
   * change its list, every other role of the access policy may read it.
   */
  FencedTransaction create(String path, byte[] data);

  /** Replaces the data of an existing node. */
  FencedTransaction setData(String path, byte[] data);

  /** Replaces the data of a node that has that version; −1 is any. */
  FencedTransaction setData(String path, byte[] data, int version);

  /** Deletes an existing node without children. */
  FencedTransaction delete(String path);

  /** Deletes a node that has that version and no children; −1 is any. */
  FencedTransaction delete(String path, int version);

  /** Requires that a node has that version; −1 only requires that it exists. */
  FencedTransaction check(String path, int version);

  /**
   * Makes the changes. The future completes on the client's executor.
   *
   * @return done when they are made; fails with {@link LockLostException} when the lock was lost, with {@link
   *     io.zookit.core.ZkUnavailableException} when the answer was lost (outcome unknown), else with {@link
   *     io.zookit.core.ZkException} saying which change was refused; then none was made
   */
  CompletableFuture<Void> commit();
}
