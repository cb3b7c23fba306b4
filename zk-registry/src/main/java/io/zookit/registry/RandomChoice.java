package io.zookit.registry;

import java.util.concurrent.ThreadLocalRandom;

/** Needs no state. */
final class RandomChoice implements Balancer {

  static final RandomChoice INSTANCE = new RandomChoice();

  private RandomChoice() {}

  @Override
  public ServiceInstance choose(Candidates candidates) {
    return candidates.get(ThreadLocalRandom.current().nextInt(candidates.size()));
  }

  @Override
  public String toString() {
    return "random";
  }
}
