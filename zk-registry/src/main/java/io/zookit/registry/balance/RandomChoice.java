package io.zookit.registry.balance;

/** Needs no state. */
final class RandomChoice implements Balancer {

  static final RandomChoice INSTANCE = new RandomChoice();

  private RandomChoice() {}

  @Override
  public int choose(Candidates candidates, long key) {
    return candidates.random().nextInt(candidates.size());
  }

  @Override
  public boolean usesWeights() {
    return false;
  }

  @Override
  public String toString() {
    return "random";
  }
}
