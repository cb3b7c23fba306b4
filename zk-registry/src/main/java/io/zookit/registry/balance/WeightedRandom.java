package io.zookit.registry.balance;

import java.util.function.Function;

/** Draws from an {@link AliasTable}. */
final class WeightedRandom implements Balancer {

  static final WeightedRandom INSTANCE = new WeightedRandom();
  private static final Function<Candidates, AliasTable> TABLE = AliasTable::new;

  private WeightedRandom() {}

  @Override
  public int choose(Candidates candidates, long key) {
    return candidates.derived(this, TABLE).draw(candidates.random());
  }

  @Override
  public String toString() {
    return "weighted random";
  }
}
