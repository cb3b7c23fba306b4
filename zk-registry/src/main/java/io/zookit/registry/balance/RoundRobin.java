package io.zookit.registry.balance;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts calls as an unsigned number, which may overflow: only the remainder matters. */
final class RoundRobin implements Balancer {

  private final AtomicInteger calls;

  RoundRobin() {
    this(ThreadLocalRandom.current().nextInt());
  }

  RoundRobin(int first) {
    this.calls = new AtomicInteger(first);
  }

  @Override
  public int choose(Candidates candidates, long key) {
    return Integer.remainderUnsigned(calls.getAndIncrement(), candidates.size());
  }

  @Override
  public boolean usesWeights() {
    return false;
  }

  @Override
  public String toString() {
    return "round robin";
  }
}
