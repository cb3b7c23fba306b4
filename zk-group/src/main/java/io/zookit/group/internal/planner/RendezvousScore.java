package io.zookit.group.internal.planner;

/**
 * Scores of members for partitions by rendezvous hashing (Thaler and Ravishankar, 1998): every process computes the same, and
 * a member that joins or leaves changes the order of no other two.
 */
public final class RendezvousScore {

  private RendezvousScore() {}

  /** Hashes an id, for {@link #of}. */
  public static long hash(String id) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /** The score of a member for a partition; compared as signed. */
  public static long of(long memberHash, int partition) {
    return mix(memberHash ^ mix(partition + 0x9e3779b97f4a7c15L));
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
