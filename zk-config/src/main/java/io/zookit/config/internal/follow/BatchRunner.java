package io.zookit.config.internal.follow;

import io.zookit.config.ConfigSnapshot;
import io.zookit.config.Namespace;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.request.Backoff;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the batches of a store, one at a time: tries one, has the participants prepare it, writes what passed to the files,
 * and has it come into force.
 *
 * <p><i>Threads:</i> used on the loop. A batch that calls no code of users, merges little and is below no override is
 * tried there, too; any other on the lane, which also writes the files.
 *
 * <p><i>Failure:</i> a batch always ends. What cannot even be refused, whatever was thrown, is tried again after a pause.
 */
final class BatchRunner {

  /** Overrides of a store that has none. */
  static final Function<NamespaceView.EvaluationRequest, Optional<LocalOverride>> NO_OVERRIDES =
      question -> Optional.empty();

  private static final Logger log = LoggerFactory.getLogger(BatchRunner.class);
  private static final Backoff DELAYS = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final CoreClient client;
  private final SerialLane lane;
  private final LocalFiles files;
  private final Participants participants;
  private final Supplier<ApplyBatch> source;
  private final Function<NamespaceView.EvaluationRequest, Optional<LocalOverride>> overrides;
  private final Supplier<String> cluster;
  private final Consumer<List<NamespaceView.Evaluation>> commit;
  private boolean running;
  private boolean repeated;
  private int failures;

  /**
   * Creates a runner.
   *
   * @param source returns everything that is new, on the loop
   * @param overrides reads what is above all layers, on the lane
   * @param cluster returns the name of the ensemble's data, on the loop
   * @param commit puts what passed into force, on the loop
   */
  BatchRunner(
      CoreClient client,
      SerialLane lane,
      LocalFiles files,
      Participants participants,
      Supplier<ApplyBatch> source,
      Function<NamespaceView.EvaluationRequest, Optional<LocalOverride>> overrides,
      Supplier<String> cluster,
      Consumer<List<NamespaceView.Evaluation>> commit) {
    this.client = client;
    this.lane = lane;
    this.files = files;
    this.participants = participants;
    this.source = source;
    this.overrides = overrides;
    this.cluster = cluster;
    this.commit = commit;
  }

  /** Begins a batch with everything that is new, or has another follow the one that is under way. */
  void run() {
    if (running) {
      repeated = true;
      return;
    }
    ApplyBatch batch = source.get();
    if (batch.isEmpty()) {
      return;
    }
    running = true;
    repeated = false;
    try {
      participants.reset();
      compute(batch, () -> batch.answers(overrides));
    } catch (Throwable e) {
      abandon(batch, e);
    }
  }

  /** Has another batch follow the one that is under way. */
  void repeat() {
    repeated = true;
  }

  private void compute(ApplyBatch batch, Supplier<List<NamespaceView.Evaluation>> answers) {
    if (overrides == NO_OVERRIDES && batch.isQuick()) {
      decide(batch, answers.get());
      return;
    }
    lane.execute(() -> {
      try {
        List<NamespaceView.Evaluation> computed = answers.get();
        client.loop().execute(() -> decideSurely(batch, computed));
      } catch (Throwable e) {
        client.loop().execute(() -> abandon(batch, e));
      }
    });
  }

  private void decideSurely(ApplyBatch batch, List<NamespaceView.Evaluation> answers) {
    try {
      decide(batch, answers);
    } catch (Throwable e) {
      abandon(batch, e);
    }
  }

  /** Has the participants prepare what passed, again without what one of them rejects, until none does. */
  private void decide(ApplyBatch batch, List<NamespaceView.Evaluation> answers) {
    Map<Namespace, ConfigSnapshot> candidates = new LinkedHashMap<>();
    for (NamespaceView.Evaluation answer : answers) {
      ConfigSnapshot snapshot = answer.snapshot();
      if (snapshot != null) {
        candidates.put(answer.question().view().namespace(), snapshot);
      }
    }
    participants.prepare(candidates, rejected -> {
      if (rejected.isEmpty()) {
        keep(batch, answers);
        return;
      }
      try {
        compute(batch, () -> batch.without(answers, rejected));
      } catch (Throwable e) {
        abandon(batch, e);
      }
    });
  }

  /**
   * Writes releases to their files before they come into force, so that a process that is killed and starts again goes
   * on from there; but for a disk that refuses it. A change that must reach every instance is worth more than the file,
   * so it is used all the same.
   */
  private void keep(ApplyBatch batch, List<NamespaceView.Evaluation> answers) {
    try {
      List<LoadedRelease> layers =
          answers.stream().flatMap(answer -> answer.layers().stream()).toList();
      files.save(layers, cluster.get(), () -> end(answers));
    } catch (Throwable e) {
      log.error("config: a batch could not be kept", e);
      end(batch.refusals(e));
    }
  }

  private void end(List<NamespaceView.Evaluation> answers) {
    try {
      commit.accept(answers);
      failures = 0;
    } finally {
      running = false;
      if (repeated) {
        run();
      }
    }
  }

  /** Ends a batch of which nothing is known, and has its views tried again later. */
  private void abandon(ApplyBatch batch, Throwable thrown) {
    log.error("config: a batch could not be tried, tried again later", thrown);
    running = false;
    batch.questions().forEach(question -> question.view().tryAgain());
    client.timekeeper().after(DELAYS.delay(failures++), () -> client.loop().execute(this::run));
  }
}
