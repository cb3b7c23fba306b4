package io.zookit.registry.balance;

import java.util.function.Predicate;

/** A filter that is mandatory: if it admits no candidate, none is chosen. */
final class Filtered implements Balancer {

  private final Balancer inner;
  private final String what;
  private final Predicate<Candidate> condition;

  Filtered(Balancer inner, String what, Predicate<Candidate> condition) {
    this.inner = inner;
    this.what = what;
    this.condition = condition;
  }

  @Override
  public int choose(Candidates candidates, long key) {
    Candidates admitted = candidates.derived(this, this::admitted);
    return admitted.size() == 0 ? NONE : admitted.origin(inner.choose(admitted, key));
  }

  private Candidates admitted(Candidates candidates) {
    return Groups.admitted(candidates, condition);
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    return condition.test(candidates.get(index))
        ? inner.describe(candidates, index, key)
        : "left out, not " + what;
  }

  @Override
  public boolean usesWeights() {
    return inner.usesWeights();
  }

  @Override
  public String toString() {
    return inner + " where " + what;
  }
}
