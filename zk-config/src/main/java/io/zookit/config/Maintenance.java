package io.zookit.config;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * Maintenance of the store: retention, large contents, data keys, purges, epochs.
 *
 * <p><i>Threads:</i> any; every method asks ZooKeeper and waits, at most the store's timeout for each request.
 */
public interface Maintenance {

  /**
   * A data key, wrapped.
   *
   * @param id what sealed values call it
   * @param master the key it is wrapped with
   * @param at when it was made or wrapped last
   */
  record Key(String id, String master, Instant at) {}

  /**
   * Content of a backup.
   *
   * @param nodes how many nodes were written
   * @param unreadable what could not be read and is missing. Of a namespace whose head is damaged everything else is
   *     included: restore it, then {@link #repairHead} re-creates the head
   */
  record Saved(int nodes, List<ConfigStore.Unreadable> unreadable) {}

  /** The releases that {@link #collect} would remove now. */
  List<Integer> removable(Namespace ns) throws InterruptedException;

  /** Removes releases beyond the retention of the policy; those in use in any way stay. */
  List<Integer> collect(Namespace ns, Change change) throws InterruptedException;

  /**
   * The large contents of an environment that {@link #collectBlobs} would remove now.
   *
   * @throws io.zookit.core.ZkException if a release of the environment cannot be read: it is not known then which contents
   *     are in use
   */
  List<String> removableBlobs(String env) throws InterruptedException;

  /**
   * Removes large contents that no release and no draft has used for 24 hours.
   *
   * @throws io.zookit.core.ZkException if a release of the environment cannot be read; then nothing is removed
   */
  List<String> collectBlobs(String env) throws InterruptedException;

  /** The data keys of an environment, oldest first; the last one seals. */
  List<Key> keys(String env) throws InterruptedException;

  /** Wraps all data keys with the key provider's current key; returns how many were re-wrapped. */
  int rotateKeys(String env) throws InterruptedException;

  /** Makes a new data key that seals from now on; what is sealed stays readable. Returns its id. */
  String newDataKey(String env) throws InterruptedException;

  /**
   * Removes the releases and drafts of a deleted namespace; they cannot be restored. History and numbers stay.
   *
   * @param grace how long it must have been deleted
   * @throws ConfigRefusedException if it is not deleted, not long enough, or instances still use it
   */
  void purge(Namespace ns, Duration grace, Change change) throws InterruptedException;

  /**
   * Begins a new epoch, so that clients take a state that may be older than what they know: after a restore.
   *
   * @param atLeast the least number; after a total loss one that is greater than any before
   * @return the number now in force
   */
  long raiseEpoch(Namespace ns, long atLeast, Change change) throws InterruptedException;

  /**
   * Returns what {@link #repairHead} would put in force: the state before its new epoch.
   *
   * @throws ConfigRefusedException if the head can be read, or needs a later version, or the history does not say which
   *     release is stable
   */
  NamespaceState repairedHead(Namespace ns, OptionalInt stable) throws InterruptedException;

  /**
   * Re-creates a head that is damaged or missing, from history, releases and policy, under a new epoch. Gray releases
   * and votes that were open end: only the head knew them.
   *
   * @param stable the release to be stable, approved as a request if it is another one than the history says; empty for
   *     the one that the history says
   * @return what is in force now
   * @throws ConfigRefusedException if the head can be read, or needs a later version, the history does not say which
   *     release is stable, or approvals are missing
   * @throws ConfigNotFoundException if there is no trace of the namespace, or the release is not there
   */
  NamespaceState repairHead(Namespace ns, OptionalInt stable, Change change)
      throws InterruptedException;

  /**
   * Writes everything that can be read to a stream: heads first, so that whatever a head names is included. The stream
   * is not closed.
   *
   * @return how many nodes were written, and what could not be read
   * @throws UncheckedIOException if the stream fails
   */
  Saved backup(OutputStream out) throws InterruptedException;

  /**
   * Brings the namespaces of a backup back, each under a new epoch that is greater than that of the backup, of the
   * present heads and of what clients have seen. Releases that exist stay; numbers go on behind them.
   *
   * @return the namespaces
   * @throws UncheckedIOException if the stream fails; with a {@link java.io.StreamCorruptedException} as its cause if
   *     it is not a whole backup. Nothing was written
   * @throws io.zookit.core.ZkException if a release exists with other data; then nothing was written. If ZooKeeper
   *     cannot be reached on the way the message says what was written; restoring again goes on from it
   */
  List<Namespace> restore(InputStream in, Change change) throws InterruptedException;

  /**
   * Gives every node of the configuration the access list of the policy in force; returns how many nodes there are. {@link
   * io.zookit.core.AccessControl#apply} does so for all modules.
   */
  int setUpAccess() throws InterruptedException;
}
