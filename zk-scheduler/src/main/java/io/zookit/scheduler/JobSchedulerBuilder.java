package io.zookit.scheduler;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.SchedulerEngine;
import io.zookit.scheduler.internal.history.JsonLinesFile;
import io.zookit.scheduler.internal.node.SchedulerOptions;
import io.zookit.scheduler.trigger.TriggerEngine;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builder of a scheduler node, for one use. Defaults: weight 1, 32 concurrent runs, 30 s for runs to end on close, no
 * history except the ledger.
 */
public final class JobSchedulerBuilder {

  private static final int MOST_RUNS = 10_000;
  private static final int MOST_WEIGHT = 1_000;

  private final ZkClient client;
  private @Nullable String label;
  private @Nullable TriggerEngine engine;
  private @Nullable HistorySink history;
  private int weight = 1;
  private int concurrency = 32;
  private Duration patience = Duration.ofSeconds(30);
  private SchedulerObserver observer = new SchedulerObserver() {};

  JobSchedulerBuilder(ZkClient client) {
    this.client = client;
  }

  /** Sets the display name of the node; the client's label unless set. */
  public JobSchedulerBuilder label(String newLabel) {
    label = ZkPath.requireName("label", newLabel);
    return this;
  }

  /** Sets the node's share of the jobs relative to other nodes, 1 to 1000. */
  public JobSchedulerBuilder weight(int newWeight) {
    if (newWeight < 1 || newWeight > MOST_WEIGHT) {
      throw new IllegalArgumentException(
          "weight: " + newWeight + " (expected: 1 to " + MOST_WEIGHT + ")");
    }
    weight = newWeight;
    return this;
  }

  /** Sets the maximum number of concurrent runs, 1 to 10000; the node claims no more than it has room for. */
  public JobSchedulerBuilder concurrency(int runs) {
    if (runs < 1 || runs > MOST_RUNS) {
      throw new IllegalArgumentException(
          "concurrency: " + runs + " (expected: 1 to " + MOST_RUNS + ")");
    }
    concurrency = runs;
    return this;
  }

  /**
   * Sets how long closing waits for runs before it interrupts them. A run that continues for 5 s after that keeps its
   * slot until it ends. If the client is closed instead of the scheduler, the wait is at most 5 s before the interrupt
   * and 2 s after it, so that closing the client takes less than 10 s.
   */
  public JobSchedulerBuilder patience(Duration newPatience) {
    if (newPatience.isNegative()) {
      throw new IllegalArgumentException("patience: " + newPatience + " (expected: 0 or more)");
    }
    patience = newPatience;
    return this;
  }

  /**
   * Sets the sink of the end records of runs, with their stack traces. The scheduler closes it. Default: none; with the
   * system property {@code zookit.history}, the file {@code runs-PID.jsonl} in that folder, of the kind that {@code
   * .history.JsonLinesHistory} keeps.
   */
  public JobSchedulerBuilder history(HistorySink sink) {
    history = sink;
    return this;
  }

  /** Sets the observer of the node's transitions. */
  public JobSchedulerBuilder observer(SchedulerObserver newObserver) {
    observer = newObserver;
    return this;
  }

  /** Sets the engine that wakes the node; a timer of its own unless set. The scheduler closes it. */
  public JobSchedulerBuilder engine(TriggerEngine newEngine) {
    engine = newEngine;
    return this;
  }

  /** Starts the node. */
  public JobScheduler start() {
    return SchedulerEngine.in(client)
        .start(new SchedulerOptions(
            Optional.ofNullable(label),
            weight,
            concurrency,
            patience,
            observer,
            history == null ? JsonLinesFile.ofProperty() : history,
            Optional.ofNullable(engine)));
  }
}
