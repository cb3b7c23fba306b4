package io.zookit.registry.balance;

import com.google.common.collect.MapMaker;
import io.zookit.core.Timekeeper;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Those that may be chosen, in the order of their ids. Immutable: a view that changes makes others, so the same object is
 * the same choice.
 */
public final class Candidates {

  private final Candidate[] usable;
  private final double[] weights;
  private final int @Nullable [] origins; // none when all are here
  private final List<Candidate> known;
  private final Timekeeper timekeeper;
  private final @Nullable RandomGenerator seeded;
  private final Map<Object, Object> derived =
      new MapMaker().weakKeys().concurrencyLevel(1).initialCapacity(2).makeMap();

  private Candidates(
      Candidate[] usable,
      double[] weights,
      int @Nullable [] origins,
      List<Candidate> known,
      Timekeeper timekeeper,
      @Nullable RandomGenerator seeded) {
    this.usable = usable;
    this.weights = weights;
    this.origins = origins;
    this.known = known;
    this.timekeeper = timekeeper;
    this.seeded = seeded;
  }

  /** Candidates that are all there are. */
  public static Candidates of(List<? extends Candidate> usable, Timekeeper timekeeper) {
    Candidate[] all = usable.toArray(new Candidate[0]);
    return of(all, Collections.unmodifiableList(Arrays.asList(all)), timekeeper);
  }

  /**
   * Candidates.
   *
   * @param known these and those of their service that may not be chosen now: they tell how much is missing
   */
  public static Candidates of(
      List<? extends Candidate> usable, List<? extends Candidate> known, Timekeeper timekeeper) {
    return of(usable.toArray(new Candidate[0]), List.copyOf(known), timekeeper);
  }

  private static Candidates of(Candidate[] usable, List<Candidate> known, Timekeeper timekeeper) {
    double[] weights = new double[usable.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.max(1, usable[i].weight());
    }
    return new Candidates(usable, weights, null, known, timekeeper, null);
  }

  /** Returns the number of candidates. */
  public int size() {
    return usable.length;
  }

  /**
   * One of them.
   *
   * @param index 0 to {@link #size} − 1
   */
  public Candidate get(int index) {
    return usable[index];
  }

  /** Returns the current weight of a candidate relative to the others: its own weight, or less while it is starting. */
  public double weight(int index) {
    return weights[index];
  }

  /** These and those that may not be chosen now. */
  public List<Candidate> known() {
    return known;
  }

  /** The clock of the measurements, in nanoseconds. */
  public long now() {
    return timekeeper.nanos();
  }

  /** These with random numbers that can be repeated, for one thread. */
  Candidates drawing(RandomGenerator random) {
    return new Candidates(usable, weights, origins, known, timekeeper, random);
  }

  /** The random numbers of the calling thread. */
  public RandomGenerator random() {
    return seeded == null ? ThreadLocalRandom.current() : seeded;
  }

  /**
   * Returns what a rule has derived from these candidates, computed at most once and kept as long as they and the rule
   * exist.
   *
   * @param owner the rule
   */
  @SuppressWarnings("unchecked") // an owner makes things of one type
  public <T> T derived(Balancer owner, Function<Candidates, T> maker) {
    Object made = derived.get(owner);
    return (T) (made == null ? derived.computeIfAbsent(owner, any -> maker.apply(this)) : made);
  }

  /**
   * Some of these.
   *
   * @param those what is known of them
   */
  Candidates only(List<Integer> indices, List<Candidate> those) {
    Candidate[] some = new Candidate[indices.size()];
    double[] someWeights = new double[some.length];
    int[] someOrigins = new int[some.length];
    for (int i = 0; i < some.length; i++) {
      int index = indices.get(i);
      some[i] = usable[index];
      someWeights[i] = weights[index];
      someOrigins[i] = index;
    }
    return new Candidates(some, someWeights, someOrigins, those, timekeeper, seeded);
  }

  /** These with other weights. */
  Candidates weighing(double[] others) {
    return new Candidates(usable, others, null, known, timekeeper, seeded);
  }

  /** The index that one of some of the others has among those, or {@link Balancer#NONE}. */
  int origin(int index) {
    return index == Balancer.NONE || origins == null ? index : origins[index];
  }

  @Override
  public String toString() {
    return Arrays.stream(usable).map(Candidate::id).toList().toString();
  }
}
