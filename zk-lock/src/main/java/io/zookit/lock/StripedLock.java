package io.zookit.lock;

import io.zookit.core.ZkClient;
import java.util.Collection;
import java.util.TreeSet;

/**
 * A bounded number of locks for an unbounded number of keys: equal keys have the same lock, different ones seldom.
 *
 * <p>The stripe of a key follows from its text, alike in every process that uses the same number of stripes.
 */
public final class StripedLock {

  private static final int MOST_STRIPES = 65_536;

  private final String name;
  private final int stripes;
  private final ZkClient client;

  private StripedLock(String name, int stripes, ZkClient client) {
    this.name = name;
    this.stripes = stripes;
    this.client = client;
  }

  /**
   * The striped lock of a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, nested with single slashes
   * @param stripes 1 to 65,536; the same in every process, or equal keys do not exclude each other
   */
  public static StripedLock named(String name, int stripes, ZkClient client) {
    if (stripes < 1 || stripes > MOST_STRIPES) {
      throw new IllegalArgumentException(
          "stripes: " + stripes + " (expected: 1 to " + MOST_STRIPES + ")");
    }
    DistributedLock checked = DistributedLock.named(name + "/s0", client);
    return new StripedLock(
        checked.name().substring(0, checked.name().length() - 3), stripes, client);
  }

  /** The lock of a key. */
  public DistributedLock lockFor(CharSequence key) {
    return DistributedLock.named(stripeName(stripeOf(key)), client);
  }

  /**
   * The locks of several keys as one, without the danger that two such requests wait for each other.
   *
   * @param keys at least one
   */
  public DistributedLock lockForAll(Collection<? extends CharSequence> keys) {
    TreeSet<Integer> chosen = new TreeSet<>();
    keys.forEach(key -> chosen.add(stripeOf(key)));
    MultiLockBuilder all = DistributedLock.several(client);
    chosen.forEach(stripe -> all.exclusive(stripeName(stripe)));
    return all.build();
  }

  private String stripeName(int stripe) {
    return name + "/s" + stripe;
  }

  /** FNV-1a over the characters, then a multiplicative spread: the same in every JVM. */
  private int stripeOf(CharSequence key) {
    int hash = 0x811c9dc5;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x01000193;
    }
    hash ^= hash >>> 15;
    return Integer.remainderUnsigned(hash * 0x85ebca6b, stripes);
  }

  @Override
  public String toString() {
    return "striped lock " + name + " of " + stripes;
  }
}
