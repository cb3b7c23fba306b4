package io.zookit.scheduler;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.trigger.QuartzTriggerEngine;
import io.zookit.scheduler.trigger.TriggerEngine;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a node is to be. One use; the defaults are weight 1, 32 runs at once, 30 s patience, no history but the ledger. */
public final class JobSchedulerBuilder {

  private static final int MOST_RUNS = 10_000;
  private static final int MOST_WEIGHT = 1_000;

  final ZkClient client;
  private @Nullable String label;
  private @Nullable TriggerEngine engine;
  private @Nullable HistorySink history;
  int weight = 1;
  int concurrency = 32;
  Duration patience = Duration.ofSeconds(30);
  SchedulerObserver observer = new SchedulerObserver() {};

  JobSchedulerBuilder(ZkClient client) {
    this.client = client;
  }

  /** What the node is called where people look; the client's label unless set. */
  public JobSchedulerBuilder label(String newLabel) {
    label = ZkPath.requireName("label", newLabel);
    return this;
  }

  /** Its share of the jobs beside other nodes, 1 to 1000. */
  public JobSchedulerBuilder weight(int newWeight) {
    if (newWeight < 1 || newWeight > MOST_WEIGHT) {
      throw new IllegalArgumentException(
          "weight: " + newWeight + " (expected: 1 to " + MOST_WEIGHT + ")");
    }
    weight = newWeight;
    return this;
  }

  /** How many runs it has at once, 1 to 10000; it claims no more than it has room for. */
  public JobSchedulerBuilder concurrency(int runs) {
    if (runs < 1 || runs > MOST_RUNS) {
      throw new IllegalArgumentException(
          "concurrency: " + runs + " (expected: 1 to " + MOST_RUNS + ")");
    }
    concurrency = runs;
    return this;
  }

  /**
   * How long closing waits for runs before it interrupts them. A run that goes on for 5 s after that keeps its slot until
   * it ends. When the client is closed instead of the scheduler, at most 5 s are waited before the interrupt and 2 s after
   * it, so that the client's close stays below 10 s.
   */
  public JobSchedulerBuilder patience(Duration newPatience) {
    if (newPatience.isNegative()) {
      throw new IllegalArgumentException("patience: " + newPatience + " (expected: 0 or more)");
    }
    patience = newPatience;
    return this;
  }

  /**
   * Where the ends of runs are kept, with their stack traces. The scheduler closes it. Default: nowhere; with the system
   * property {@code zookit.history}, in the file {@code runs-PID.jsonl} of that folder (see {@link JsonLinesHistory}).
   */
  public JobSchedulerBuilder history(HistorySink sink) {
    history = sink;
    return this;
  }

  /** Who hears of transitions. */
  public JobSchedulerBuilder observer(SchedulerObserver newObserver) {
    observer = newObserver;
    return this;
  }

  /** What wakes the node; Quartz unless set. The scheduler closes it. */
  public JobSchedulerBuilder engine(TriggerEngine newEngine) {
    engine = newEngine;
    return this;
  }

  /** Starts the node. */
  public JobScheduler start() {
    return SchedulerHost.in(client).start(this);
  }

  Optional<String> label() {
    return Optional.ofNullable(label);
  }

  TriggerEngine engine() {
    return engine == null ? new QuartzTriggerEngine() : engine;
  }

  HistorySink history() {
    return history == null ? JsonLinesHistory.ofProperty() : history;
  }
}
