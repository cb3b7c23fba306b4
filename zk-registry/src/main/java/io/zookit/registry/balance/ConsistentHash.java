package io.zookit.registry.balance;

import java.util.function.Function;

/**
 * A ring of points on which each instance has a number of points proportional to its weight; a key goes to the next
 * point (Karger). With bounded load (Mirrokni and others): an instance with more than {@value #BOUND} times its share
 * of the calls in flight is skipped.
 */
final class ConsistentHash implements Balancer {

  static final ConsistentHash INSTANCE = new ConsistentHash();

  private static final double BOUND = 1.25;
  private static final Function<Candidates, HashRing> RING = HashRing::new;

  private ConsistentHash() {}

  @Override
  public int choose(Candidates candidates, long key) {
    HashRing ring = candidates.derived(this, RING);
    int at = ring.after(KeyHash.mix(key, 0));
    int first = ring.owner(at);
    long now = candidates.now();
    int calls = candidates.get(first).stats().inFlight(now);
    if (calls == 0) {
      return first;
    }
    double perWeight = BOUND * (1 + total(candidates, now)) / ring.weight();
    for (int i = 0; i < ring.size(); i++) {
      int owner = ring.owner(at + i);
      if (candidates.get(owner).stats().inFlight(now)
          < Math.ceil(perWeight * candidates.weight(owner))) {
        return owner;
      }
    }
    return first;
  }

  private static int total(Candidates candidates, long now) {
    int sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += candidates.get(i).stats().inFlight(now);
    }
    return sum;
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    HashRing ring = candidates.derived(this, RING);
    return ring.owner(ring.after(KeyHash.mix(key, 0))) == index ? "owns the key" : "";
  }

  @Override
  public String toString() {
    return "consistent hash";
  }
}
