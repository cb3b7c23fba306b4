package io.zookit.registry.internal.store;

/**
 * The number of buckets of a service. The mask in ZooKeeper is a hint for providers: consumers read all existing
 * buckets, so it may grow at any time without moving a node.
 */
public final class Buckets {

  static final int GREATEST_MASK = 255;

  /** More names are not put into one folder, if that can be helped: 7,000 long ones are the most it can list. */
  public static final int MANY = 4_000;

  private Buckets() {}

  /** Returns the mask for a number of instances, at least the present one. */
  public static int maskFor(int instances, int mask) {
    int grown = mask;
    while (grown < GREATEST_MASK && instances > MANY * (grown + 1L)) {
      grown = grown * 2 + 1;
    }
    return grown;
  }

  /**
   * The mask for what is found in the buckets of an id, at least the present one. A bucket that was full stays full,
   * because what is registered stays where it is; once there are several, those that came last tell whether they suffice.
   *
   * @param least the number of nodes in the emptiest bucket that was looked at
   * @param looked how many were looked at
   */
  public static int maskFound(int least, int looked, int mask) {
    if (mask == 0) {
      return maskFor(least, mask);
    }
    return looked > 1 && least > MANY / 4 && mask < GREATEST_MASK ? mask * 2 + 1 : mask;
  }
}
