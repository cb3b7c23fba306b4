package io.zookit.config.internal.follow;

import io.zookit.core.Subscription;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Heads, releases and merged snapshots that the clients of this JVM have decoded. A client finds what it would have decoded
 * from the same data itself, never data that it has not read.
 *
 * <ul>
 *   <li>Values are shared inside a {@link CacheScope} only: by clients of one ensemble, one root and equal credentials.
 *   <li>A {@link CacheKey} holds everything that a value is computed from, or its hash.
 *   <li>Values are immutable, and hold sealed secrets and public text only: no opened secret, nothing of a user's type.
 *   <li>They are weakly referenced, so that one is here for as long as a client uses it, and together weigh {@link
 *       #LIMIT} bytes at most; the oldest leave first.
 *   <li>When the last client of a scope closes, its values leave.
 * </ul>
 *
 * <p><i>Threads:</i> any. Two clients that look for a value at the same time may both decode it; one of the two is kept.
 */
public final class DecodedCache {

  /** The greatest weight of all values. */
  static final long LIMIT = 64L << 20;

  /** The cache of this JVM. */
  public static final DecodedCache OF_THIS_JVM = new DecodedCache(LIMIT);

  /**
   * Clients that have the same view of the same data.
   *
   * @param cluster the name of an ensemble's data; two ensembles have equal transaction numbers
   * @param credentials the fingerprint of the credentials: what a client may not read, it does not find either
   */
  record CacheScope(String cluster, String root, String credentials) {}

  /**
   * Identity of the data that a value is computed from.
   *
   * @param path of the node
   * @param version the transaction that wrote the node; for a part of a head, the revision of the head
   * @param sum the SHA-256 of the data, or {@link #COMPARED}
   * @param form what else decides on the value; of a type of this library
   */
  record CacheKey(String path, long version, String sum, Object form) {

    /** Instead of a hash, if the value or the form contains the data, which are compared themselves. */
    static final String COMPARED = "";
  }

  private record ScopedKey(CacheScope scope, CacheKey key) {}

  private static final class CachedReference extends WeakReference<Object> {
    private final ScopedKey key;
    private final long weight;

    CachedReference(ScopedKey key, Object value, long weight, ReferenceQueue<Object> queue) {
      super(value, queue);
      this.key = key;
      this.weight = weight;
    }
  }

  private final long limit;
  private final Object lock = new Object();
  private final Map<CacheScope, Integer> clients = new HashMap<>();
  private final Map<ScopedKey, CachedReference> values = new LinkedHashMap<>();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
  private long weight;

  DecodedCache(long limit) {
    this.limit = limit;
  }

  /** Counts a client in; to be closed with the client. */
  CacheShare open(CacheScope scope) {
    synchronized (lock) {
      clients.merge(scope, 1, Integer::sum);
    }
    return new CacheShare(this, scope);
  }

  /** The values that are here now. */
  public List<Object> values() {
    List<Object> all = new ArrayList<>();
    synchronized (lock) {
      for (CachedReference reference : values.values()) {
        Object value = reference.get();
        if (value != null) {
          all.add(value);
        }
      }
    }
    return all;
  }

  /** The number of values, those that were collected and not yet missed included. */
  public int size() {
    synchronized (lock) {
      return values.size();
    }
  }

  /** The weight of the values. */
  long weight() {
    synchronized (lock) {
      return weight;
    }
  }

  private @Nullable Object find(ScopedKey key) {
    synchronized (lock) {
      removeCollected();
      CachedReference reference = values.get(key);
      return reference == null ? null : reference.get();
    }
  }

  /** Keeps a value; returns the one that another client kept meanwhile, if there is one. */
  private Object keep(ScopedKey key, Object value, long size) {
    synchronized (lock) {
      removeCollected();
      if (size > limit || !clients.containsKey(key.scope())) {
        return value;
      }
      CachedReference before = values.get(key);
      Object first = before == null ? null : before.get();
      if (first != null) {
        return first;
      }
      if (before != null) {
        remove(before);
      }
      Iterator<CachedReference> oldest = values.values().iterator();
      while (weight + size > limit && oldest.hasNext()) {
        weight -= oldest.next().weight;
        oldest.remove();
      }
      values.put(key, new CachedReference(key, value, size, collected));
      weight += size;
      return value;
    }
  }

  private void removeCollected() {
    for (Object gone = collected.poll(); gone != null; gone = collected.poll()) {
      remove((CachedReference) gone);
    }
  }

  private void remove(CachedReference reference) {
    if (values.remove(reference.key, reference)) {
      weight -= reference.weight;
    }
  }

  private void leave(CacheScope scope) {
    synchronized (lock) {
      if (clients.merge(scope, -1, (all, one) -> all + one == 0 ? null : all + one) == null) {
        List<CachedReference> leaving = new ArrayList<>(values.values());
        leaving.removeIf(reference -> !reference.key.scope().equals(scope));
        leaving.forEach(this::remove);
      }
    }
  }

  /** The part of the cache that one client uses. Closing it is idempotent; a closed one finds and keeps nothing. */
  static final class CacheShare implements Subscription {

    /** Share of a client whose ensemble or credentials are not known: empty. */
    static final CacheShare NONE = new CacheShare(null, new CacheScope("", "", ""));

    private final @Nullable DecodedCache cache;
    private final CacheScope scope;
    private volatile boolean open;

    private CacheShare(@Nullable DecodedCache cache, CacheScope scope) {
      this.cache = cache;
      this.scope = scope;
      this.open = cache != null;
    }

    CacheScope scope() {
      return scope;
    }

    /** Tells if it may hold anything, so that it is worth computing a key. */
    boolean isOpen() {
      return open;
    }

    /** The value that was kept under a key. */
    <T> Optional<T> find(Class<T> type, CacheKey key) {
      DecodedCache used = cache;
      if (!open || used == null) {
        return Optional.empty();
      }
      Object value = used.find(new ScopedKey(scope, key));
      return type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
    }

    /**
     * Keeps a value.
     *
     * @param size the bytes that it is taken to occupy
     * @return the value, or an equal one that was kept before
     */
    <T> T keep(Class<T> type, CacheKey key, T value, long size) {
      DecodedCache used = cache;
      if (!open || used == null) {
        return value;
      }
      Object kept = used.keep(new ScopedKey(scope, key), value, size);
      return type.isInstance(kept) ? type.cast(kept) : value;
    }

    @Override
    public void close() {
      DecodedCache used = cache;
      if (used == null) {
        return;
      }
      synchronized (used.lock) {
        if (!open) {
          return;
        }
        open = false;
      }
      used.leave(scope);
    }
  }
}
