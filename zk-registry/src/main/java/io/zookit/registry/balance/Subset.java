package io.zookit.registry.balance;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The instances whose hash together with the consumer's is smallest, so one that comes or goes moves at most one. */
final class Subset implements Balancer {

  private final Balancer inner;
  private final int size;
  private final String consumer;

  Subset(Balancer inner, int size, String consumer) {
    if (size < 1) {
      throw new IllegalArgumentException("size: " + size + " (expected: 1 or more)");
    }
    this.inner = inner;
    this.size = size;
    this.consumer = consumer;
  }

  @Override
  public int choose(Candidates candidates, long key) {
    Candidates mine = candidates.derived(this, this::mine);
    return mine.origin(inner.choose(mine, key));
  }

  private Candidates mine(Candidates candidates) {
    long salt = KeyHash.of(consumer);
    List<Integer> smallest = IntStream.range(0, candidates.size())
        .boxed()
        .sorted(Comparator.comparingLong(
            i -> KeyHash.mix(KeyHash.of(candidates.get(i).id()), salt)))
        .limit(size)
        .sorted()
        .toList();
    return candidates.only(smallest, smallest.stream().map(candidates::get).toList());
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    Candidates mine = candidates.derived(this, this::mine);
    for (int i = 0; i < mine.size(); i++) {
      if (mine.origin(i) == index) {
        return inner.describe(mine, i, key);
      }
    }
    return "left out, not in the subset of " + consumer;
  }

  @Override
  public boolean usesWeights() {
    return inner.usesWeights();
  }

  @Override
  public String toString() {
    return inner + " in a subset of " + size;
  }
}
