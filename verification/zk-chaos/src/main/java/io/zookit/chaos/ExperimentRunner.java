package io.zookit.chaos;

import io.zookit.chaos.boundary.BoundariesExperiment;
import io.zookit.chaos.config.ConfigExperiment;
import io.zookit.chaos.counter.CounterExperiment;
import io.zookit.chaos.experiment.Experiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.fifo.FifoExperiment;
import io.zookit.chaos.id.IdExperiment;
import io.zookit.chaos.ownership.OwnershipExperiment;
import io.zookit.chaos.recovery.RecoveryExperiment;
import io.zookit.chaos.registry.RegistryExperiment;
import io.zookit.chaos.restore.RestoreExperiment;
import io.zookit.chaos.scheduler.SchedulerExperiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs experiments and writes their report. */
public final class ExperimentRunner {

  /** Factories of the experiments; each run creates a new one because an experiment keeps what it receives. */
  private static final List<Supplier<Experiment>> ALL = List.of(
      CounterExperiment::fencedCounter,
      CounterExperiment::pauses,
      CounterExperiment::killedHolders,
      RecoveryExperiment::new,
      RestoreExperiment::new,
      FifoExperiment::new,
      ConfigExperiment::new,
      RegistryExperiment::new,
      SchedulerExperiment::new,
      IdExperiment::new,
      OwnershipExperiment::new,
      BoundariesExperiment::new);

  private final Path folder;
  private final Consumer<String> progress;

  /**
   * Creates a runner without starting anything.
   *
   * @param folder for the report and the logs
   * @param progress receives a human-readable line now and then
   */
  public ExperimentRunner(Path folder, Consumer<String> progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /** The experiments there are and what each tries to break. */
  public static Map<String, String> experiments() {
    return ALL.stream()
        .map(Supplier::get)
        .collect(Collectors.toMap(
            Experiment::name, Experiment::promise, (one, other) -> one, LinkedHashMap::new));
  }

  /**
   * Runs one experiment for each seed.
   *
   * @param name of the experiment; empty for all of them
   * @return whether every promise held and no run was void
   * @throws IllegalArgumentException if no experiment has this name
   */
  public boolean run(String name, List<Long> seeds, Duration length) throws Exception {
    List<Supplier<Experiment>> chosen = ALL.stream()
        .filter(each -> name.isEmpty() || each.get().name().equals(name))
        .toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "experiment: " + name + " (expected: one of " + experiments().keySet() + ")");
    }
    List<ExperimentResult> outcomes = new ArrayList<>();
    for (Supplier<Experiment> experiment : chosen) {
      for (long seed : seeds) {
        outcomes.add(run(experiment.get(), seed, length));
        ChaosReport.write(folder, outcomes);
      }
    }
    return outcomes.stream().allMatch(each -> each.result() == ExperimentResult.Result.HELD);
  }

  private ExperimentResult run(Experiment experiment, long seed, Duration length) throws Exception {
    progress.accept(experiment.name() + ", seed " + seed + ", " + length.toSeconds() + " s: "
        + experiment.promise());
    Path logs = emptied(folder.resolve(experiment.name() + "-" + seed));
    ExperimentResult outcome = experiment.run(new RunSettings(seed, length, logs, progress));
    progress.accept(experiment.name() + ", seed " + seed + ": " + outcome.result()
        + (outcome.reason().isEmpty() ? "" : ", " + outcome.reason()));
    outcome
        .counts()
        .forEach((what, count) ->
            progress.accept(String.format("  %-36s %,d", what, count.longValue())));
    return outcome;
  }

  private static Path emptied(Path logs) throws IOException {
    if (Files.isDirectory(logs)) {
      try (Stream<Path> old = Files.walk(logs)) {
        for (Path each : old.filter(Files::isRegularFile).toList()) {
          Files.delete(each);
        }
      }
    }
    return Files.createDirectories(logs);
  }
}
