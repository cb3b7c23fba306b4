package io.zookit.registry.balance;

import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Some clients that call some servers, each with workers and a queue, in simulated time. Clients know only what they
 * measured themselves.
 */
final class SimulatedFleet {

  private static final int SERVERS = 10;
  private static final int WORKERS = 8;
  private static final int CLIENTS = 20;
  private static final double MEAN_MILLIS = 20;
  private static final double LOAD = 0.6;
  private static final double NANOS = 1e6;

  /** Result of a run: the share of errors, and the 99th percentile of the latency in milliseconds. */
  record Outcome(double errors, double p99) {}

  private record Answer(long at, int server, Runnable done) {}

  private final Random random;
  private final ManualTimekeeper time = new ManualTimekeeper();
  private final PriorityQueue<Answer> answers =
      new PriorityQueue<>(Comparator.comparingLong(Answer::at));
  private final long[][] freeAt = new long[SERVERS][WORKERS];
  private final List<Candidates> clients = new ArrayList<>();
  private double slow = 1;
  private boolean failing;

  SimulatedFleet(long seed) {
    random = new Random(seed);
    for (int client = 0; client < CLIENTS; client++) {
      List<Candidate> servers = new ArrayList<>();
      for (int i = 0; i < SERVERS; i++) {
        servers.add(Candidate.of("s" + i, 100, new CallStats(0, 0)));
      }
      clients.add(Candidates.of(servers, time).drawing(random));
    }
  }

  /** Makes calls of the first server take {@code factor} times as long. */
  SimulatedFleet withSlowServer(double factor) {
    slow = factor;
    return this;
  }

  /** The first server fails after 1 ms. */
  SimulatedFleet withFailingServer() {
    failing = true;
    return this;
  }

  Outcome run(Balancer rule, int calls) {
    double gapMillis = MEAN_MILLIS / (SERVERS * WORKERS * LOAD);
    double[] latencies = new double[calls];
    int errors = 0;
    long at = 0;
    for (int i = 0; i < calls; i++) {
      at += (long) (exponential(gapMillis) * NANOS);
      answerUntil(at);
      Candidates servers = clients.get(random.nextInt(CLIENTS));
      int chosen = rule.choose(servers, random.nextLong());
      boolean fails = failing && chosen == 0;
      long done = at + (fails ? (long) NANOS : serve(chosen, at));
      call(servers.get(chosen).stats(), at, done, chosen, fails);
      latencies[i] = fails ? 0 : (done - at) / NANOS;
      errors += fails ? 1 : 0;
    }
    Arrays.sort(latencies);
    return new Outcome((double) errors / calls, latencies[(int) (calls * 0.99)]);
  }

  private void call(CallStats stats, long at, long done, int chosen, boolean fails) {
    long open = stats.begin(at);
    answers.add(new Answer(done, chosen, () -> {
      stats.end(open);
      if (fails) {
        stats.fail(done, done - at);
      } else {
        stats.succeed(done, done - at);
      }
    }));
  }

  private void answerUntil(long at) {
    while (!answers.isEmpty() && answers.peek().at() <= at) {
      answers.remove().done().run();
    }
    time.advance(Duration.ofNanos(Math.max(0, at - time.nanos())));
  }

  private long serve(int server, long at) {
    long[] workers = freeAt[server];
    int first = 0;
    for (int i = 1; i < WORKERS; i++) {
      first = workers[i] < workers[first] ? i : first;
    }
    double millis = exponential(MEAN_MILLIS) * (server == 0 ? slow : 1);
    workers[first] = Math.max(workers[first], at) + (long) (millis * NANOS);
    return workers[first] - at;
  }

  private double exponential(double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
