package io.zookit.registry.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Candidates of a test, and how often each was chosen. */
final class Crowd {

  static final long SEED = Long.getLong("zookit.seed", 20_261_121L);

  /** So far from the mean a normal distribution gets once in a million times. */
  private static final double DEVIATIONS = 4.75;

  final ManualTimekeeper time = new ManualTimekeeper();
  final Random random = new Random(SEED);
  final List<Candidate> all = new ArrayList<>();

  Crowd() {
    time.advance(Duration.ofDays(1));
  }

  static Crowd ofWeights(int... weights) {
    Crowd crowd = new Crowd();
    for (int i = 0; i < weights.length; i++) {
      crowd.add(Candidate.of("i" + i, weights[i], crowd.stats()));
    }
    return crowd;
  }

  static Crowd of(int size) {
    int[] weights = new int[size];
    java.util.Arrays.fill(weights, 100);
    return ofWeights(weights);
  }

  CallStats stats() {
    return new CallStats(time.nanos(), Duration.ofHours(1).toNanos());
  }

  Crowd add(Candidate candidate) {
    all.add(candidate);
    return this;
  }

  Crowd add(String id, int priority, String zone, String version, Map<String, String> tags) {
    return add(new PlainCandidate(id, 100, priority, zone, version, tags, stats()));
  }

  Candidates candidates() {
    return Candidates.of(all, time).drawing(random);
  }

  Candidates without(int... missing) {
    List<Candidate> usable = new ArrayList<>(all);
    for (int i = missing.length - 1; i >= 0; i--) {
      usable.remove(missing[i]);
    }
    return Candidates.of(usable, all, time).drawing(random);
  }

  /** Returns the number of times each candidate is chosen. */
  long[] draw(Balancer rule, Candidates candidates, int calls) {
    System.out.println("seed=" + SEED + " " + rule);
    long[] counts = new long[candidates.size()];
    for (int i = 0; i < calls; i++) {
      counts[rule.choose(candidates, random.nextLong())]++;
    }
    return counts;
  }

  /** Chi-square: fails once in a million seeds when the shares are as expected. */
  static void assertShares(long[] counts, double... shares) {
    long calls = 0;
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      calls += counts[i];
      sum += shares[i];
    }
    double chi = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = calls * shares[i] / sum;
      chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    double freedom = counts.length - 1;
    double root = 1 - 2 / (9 * freedom) + DEVIATIONS * Math.sqrt(2 / (9 * freedom));
    assertThat(chi).as("chi-square, seed=%d", SEED).isLessThan(freedom * root * root * root);
  }

  static double[] equal(int size) {
    double[] shares = new double[size];
    java.util.Arrays.fill(shares, 1);
    return shares;
  }
}
