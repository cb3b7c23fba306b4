package io.zookit.chaos.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts an outcome together and decides what it shows. */
public final class ResultBuilder {

  private final Experiment experiment;
  private final RunSettings settings;
  private final FaultTimeline timeline;
  private final Map<String, Number> counts = new LinkedHashMap<>();
  private final List<String> violations = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();

  public ResultBuilder(Experiment experiment, RunSettings settings, FaultTimeline timeline) {
    this.experiment = experiment;
    this.settings = settings;
    this.timeline = timeline;
  }

  public ResultBuilder count(String what, Number number) {
    counts.put(what, number);
    return this;
  }

  /** Reports what the machine did while nothing was broken, by which thresholds were scaled. */
  public ResultBuilder baseline(BaselineRate baseline) {
    return count("unfaulted a minute", baseline.perMinute());
  }

  /** Counts something that shows nothing when there is too little of it. */
  public ResultBuilder needs(String what, long number, long atLeast) {
    counts.put(what, number);
    if (number < atLeast) {
      doubts.add(what + ": " + number + " (expected: at least " + atLeast + ")");
    }
    return this;
  }

  /** Counts something of which there must be nothing. */
  public ResultBuilder forbids(String what, long number) {
    counts.put(what, number);
    if (number > 0) {
      violations.add(what + ": " + number);
    }
    return this;
  }

  public ResultBuilder violations(List<String> found) {
    violations.addAll(found);
    return this;
  }

  public ExperimentResult outcome() {
    ExperimentResult.Result result = !violations.isEmpty()
        ? ExperimentResult.Result.VIOLATED
        : doubts.isEmpty() ? ExperimentResult.Result.HELD : ExperimentResult.Result.VOID;
    Map<String, Long> recovery = new LinkedHashMap<>();
    recovery.put("p50", timeline.backAfter(0.5));
    recovery.put("p99", timeline.backAfter(0.99));
    recovery.put("max", timeline.backAfter(1));
    return new ExperimentResult(
        experiment.name(),
        experiment.promise(),
        settings.seed(),
        settings.length().toMillis() / (double) Duration.ofMinutes(1).toMillis(),
        result,
        String.join("; ", violations.isEmpty() ? doubts : violations.subList(0, 1)),
        counts,
        timeline.kinds(),
        recovery,
        List.copyOf(violations),
        timeline.incidents());
  }
}
