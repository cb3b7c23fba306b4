package io.zookit.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts an outcome together and decides what it shows. */
final class Verdicts {

  private final Experiment experiment;
  private final Setting setting;
  private final Timeline timeline;
  private final Map<String, Number> counts = new LinkedHashMap<>();
  private final List<String> violations = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();

  Verdicts(Experiment experiment, Setting setting, Timeline timeline) {
    this.experiment = experiment;
    this.setting = setting;
    this.timeline = timeline;
  }

  Verdicts count(String what, Number number) {
    counts.put(what, number);
    return this;
  }

  /** Reports what the machine did while nothing was broken, by which thresholds were scaled. */
  Verdicts pace(Pace pace) {
    return count("unfaulted a minute", pace.perMinute());
  }

  /** Counts something that shows nothing when there is too little of it. */
  Verdicts needs(String what, long number, long atLeast) {
    counts.put(what, number);
    if (number < atLeast) {
      doubts.add(what + ": " + number + " (expected: at least " + atLeast + ")");
    }
    return this;
  }

  /** Counts something of which there must be nothing. */
  Verdicts forbids(String what, long number) {
    counts.put(what, number);
    if (number > 0) {
      violations.add(what + ": " + number);
    }
    return this;
  }

  Verdicts violations(List<String> found) {
    violations.addAll(found);
    return this;
  }

  Outcome outcome() {
    Outcome.Result result = !violations.isEmpty()
        ? Outcome.Result.VIOLATED
        : doubts.isEmpty() ? Outcome.Result.HELD : Outcome.Result.VOID;
    Map<String, Long> recovery = new LinkedHashMap<>();
    recovery.put("p50", timeline.backAfter(0.5));
    recovery.put("p99", timeline.backAfter(0.99));
    recovery.put("max", timeline.backAfter(1));
    return new Outcome(
        experiment.name(),
        experiment.promise(),
        setting.seed(),
        setting.length().toMillis() / (double) Duration.ofMinutes(1).toMillis(),
        result,
        String.join("; ", violations.isEmpty() ? doubts : violations.subList(0, 1)),
        counts,
        timeline.kinds(),
        recovery,
        List.copyOf(violations),
        timeline.incidents());
  }
}
