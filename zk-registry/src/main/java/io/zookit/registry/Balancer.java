package io.zookit.registry;

/**
 * A rule that chooses one of several instances.
 *
 * <p>A balancer may keep a state, such as whose turn it is: use one object for one view.
 *
 * <p><i>Threads:</i> called by all threads that choose, at the same time, without a lock.
 */
@FunctionalInterface
public interface Balancer {

  /**
   * Chooses one.
   *
   * @param candidates one or more
   */
  ServiceInstance choose(Candidates candidates);

  /** Each in turn, beginning anywhere, so that many consumers do not march in step. */
  static Balancer roundRobin() {
    return new RoundRobin();
  }

  /** Any, all equally likely. */
  static Balancer random() {
    return RandomChoice.INSTANCE;
  }
}
