package io.zookit.registry.balance;

/**
 * Looks at all of a few, beginning anywhere; of many at two at random, which is nearly as good (Mitzenmacher, the power
 * of two choices).
 */
final class LeastConnections implements Balancer {

  static final LeastConnections PLAIN = new LeastConnections(false);
  static final LeastConnections WEIGHTED = new LeastConnections(true);

  private static final int FEW = 16;

  private final boolean weighted;

  private LeastConnections(boolean weighted) {
    this.weighted = weighted;
  }

  @Override
  public int choose(Candidates candidates, long key) {
    return choose(candidates, key, candidates.now());
  }

  @Override
  public int choose(Candidates candidates, long key, long now) {
    return candidates.size() <= FEW ? ofAll(candidates, now) : ofTwo(candidates, now);
  }

  private int ofAll(Candidates candidates, long now) {
    int size = candidates.size();
    int index = candidates.random().nextInt(size);
    int best = index;
    double least = Double.MAX_VALUE;
    double drawn = 0;
    for (int i = 0; i < size; i++) {
      double busy = busy(candidates, index, now);
      double weight = weighted ? candidates.weight(index) : 1;
      if (busy < least) {
        least = busy;
        best = index;
        drawn = weight;
      } else if (busy == least) {
        drawn += weight; // one of the equals, by weight: reservoir sampling
        if (candidates.random().nextDouble() * drawn < weight) {
          best = index;
        }
      }
      index = index + 1 == size ? 0 : index + 1;
    }
    return best;
  }

  private int ofTwo(Candidates candidates, long now) {
    int one = weighted ? WeightedRandom.INSTANCE.choose(candidates, 0) : any(candidates);
    int other = weighted ? WeightedRandom.INSTANCE.choose(candidates, 0) : any(candidates);
    return busy(candidates, one, now) <= busy(candidates, other, now) ? one : other;
  }

  private static int any(Candidates candidates) {
    return candidates.random().nextInt(candidates.size());
  }

  private double busy(Candidates candidates, int index, long now) {
    int calls = candidates.get(index).stats().inFlight(now);
    return weighted ? calls / candidates.weight(index) : calls;
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    return candidates.get(index).stats().inFlight(candidates.now()) + " calls under way";
  }

  @Override
  public boolean usesWeights() {
    return weighted;
  }

  @Override
  public String toString() {
    return weighted ? "weighted least connections" : "least connections";
  }
}
