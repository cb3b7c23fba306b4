package io.zookit.registry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds and removes stale entries: folders and rules of operators stay until they are removed.
 *
 * <p><i>Threads:</i> any; every method asks ZooKeeper and waits.
 */
public interface RegistryCleaner {

  /**
   * Stale entries, and the services that cannot be examined.
   *
   * @param entries what could be removed now, in the order of the names
   * @param unreadable the services that are damaged, or closed to this client, with the reason; nothing of them is removed
   */
  record StaleListing(List<StaleEntry> entries, Map<String, String> unreadable) {

    /** Keeps the order of names. */
    public StaleListing {
      entries = List.copyOf(entries);
      unreadable = Collections.unmodifiableMap(new TreeMap<>(unreadable));
    }
  }

  /** The entries that could be removed now, of the services that can be read; see {@link #listing}. */
  default List<StaleEntry> staleEntries() throws InterruptedException {
    return listing().entries();
  }

  /**
   * Lists the entries that could be removed now, in the order of the names. An instance that is only away for a moment counts as gone, and
   * what operators say of it as left over.
   *
   * <p><i>Cost:</i> about 4 requests for each service.
   *
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time
   */
  StaleListing listing() throws InterruptedException;

  /**
   * Removes what is still left over of it. An empty service goes in one piece or not at all, so one that has an instance
   * again keeps everything.
   *
   * @return whether all of it was removed by this call
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time; it may be removed
   * @throws io.zookit.core.ZkException if it must not be removed
   */
  boolean remove(StaleEntry leftover) throws InterruptedException;
}
