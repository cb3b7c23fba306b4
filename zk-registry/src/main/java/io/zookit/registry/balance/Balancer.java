package io.zookit.registry.balance;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * A rule that chooses one of several instances.
 *
 * <p>A balancer may keep a state, such as whose turn it is: use one object for one view.
 *
 * <p><i>Threads:</i> called by all threads that choose, at the same time, without a lock.
 *
 * <p><i>Cost:</i> no request and no allocation, unless the candidates have changed.
 */
@FunctionalInterface
public interface Balancer {

  /** No candidate may be chosen. */
  int NONE = -1;

  /**
   * Chooses one.
   *
   * @param candidates one or more
   * @param key says which calls belong together; random for a call that belongs to none
   * @return the index of one, or {@link #NONE}
   */
  int choose(Candidates candidates, long key);

  /**
   * Chooses one, for a caller that has just read the clock of the candidates.
   *
   * @param now the time that was read, in nanoseconds
   */
  default int choose(Candidates candidates, long key, long now) {
    return choose(candidates, key);
  }

  /** Tells if {@link Candidates#weight} makes a difference to this rule. Default: yes. */
  default boolean usesWeights() {
    return true;
  }

  /** Describes how the rule rates a candidate, in a few words for people. */
  default String describe(Candidates candidates, int index, long key) {
    return "";
  }

  /** Each in turn, beginning anywhere, so that many consumers do not march in step. */
  static Balancer roundRobin() {
    return new RoundRobin();
  }

  /** Each in turn, as often as its weight says, well mixed. */
  static Balancer weightedRoundRobin() {
    return new WeightedRoundRobin();
  }

  /** Any, all equally likely. */
  static Balancer random() {
    return RandomChoice.INSTANCE;
  }

  /** Any, as likely as its weight says. */
  static Balancer weightedRandom() {
    return WeightedRandom.INSTANCE;
  }

  /** The one with the fewest calls of this process under way; of two at random when there are many. */
  static Balancer leastConnections() {
    return LeastConnections.PLAIN;
  }

  /** The one with the fewest calls of this process under way for its weight. */
  static Balancer weightedLeastConnections() {
    return LeastConnections.WEIGHTED;
  }

  /**
   * The same one for the same key, by weight, as long as it has at most 1.25 times its share of the calls of this process
   * under way.
   */
  static Balancer consistentHash() {
    return ConsistentHash.INSTANCE;
  }

  /**
   * The faster of two at random, by its peak-sensitive mean latency, and by its failures. Latencies that typically are
   * within a fifth of each other and less than a millisecond apart are equal.
   */
  static Balancer weightedResponse() {
    return LatencyChoice.WEIGHTED_RESPONSE;
  }

  /**
   * The better of two at random, by latency, calls under way, reported load and failures. The default.
   *
   * <p>Latencies that typically are within a fifth of each other and less than a millisecond apart are equal, so that
   * equal instances get equal shares also of a caller with one call at a time; one that was not used for 10 s is chosen
   * once.
   *
   * <p>A server that fails fast is not taken for a fast one: failures cost more than any latency, until they are some time
   * ago.
   */
  static Balancer adaptive() {
    return LatencyChoice.ADAPTIVE;
  }

  /**
   * The same rule among those with the smallest {@link Candidate#priority}; when too few of these are left, the next
   * ones take over in proportion.
   */
  default Balancer byPriority() {
    return new PriorityFailover(this);
  }

  /**
   * The same rule with new instances taking their share slowly.
   *
   * @param window when an instance has its full weight, more than zero
   * @throws IllegalArgumentException if this rule does not look at weights, so that a slow start has no effect: round
   *     robin, random and least connections without weights, also inside of others
   */
  default Balancer withSlowStart(Duration window) {
    return new SlowStart(this, window);
  }

  /** The same rule among those of a zone, as far as they suffice; the rest of the calls goes to the others. */
  default Balancer preferringZone(String zone) {
    return new ZonePreference(this, zone);
  }

  /**
   * The same rule among those that a condition admits.
   *
   * @param what the condition for people, such as {@code "version 2"}
   */
  default Balancer where(String what, Predicate<Candidate> condition) {
    return new Filtered(this, what, condition);
  }

  /**
   * Returns the same rule applied to a few candidates, always the same ones for one consumer, so that large fleets keep
   * few connections.
   *
   * @param size the number of candidates, 1 or more
   * @param consumer the name of the consumer; other consumers get other candidates
   */
  default Balancer inSubset(int size, String consumer) {
    return new Subset(this, size, consumer);
  }

  /** The same rule with some of the calls going to some of the instances; a key always goes the same way. */
  default Balancer routedBy(List<Route> routes) {
    return routes.isEmpty() ? this : new GrayRouting(this, routes);
  }
}
