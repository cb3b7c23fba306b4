package io.zookit.chaos;

import java.util.List;
import java.util.Map;

/**
 * What came of an experiment.
 *
 * @param experiment its name
 * @param promise what it tried to break
 * @param seed of its choices
 * @param minutes how long faults were caused
 * @param result whether the promise held
 * @param reason why it is void or violated; empty when it held
 * @param counts what was counted: operations, outcomes, what the control lost
 * @param faults how many faults of each kind landed
 * @param recovery milliseconds from the end of a fault until somebody got on: p50, p99, max
 * @param violations each with an excerpt of the history
 * @param incidents the time line
 */
record Outcome(
    String experiment,
    String promise,
    long seed,
    double minutes,
    Result result,
    String reason,
    Map<String, Number> counts,
    Map<String, Long> faults,
    Map<String, Long> recovery,
    List<String> violations,
    List<Incident> incidents) {

  enum Result {
    /** No violation, enough faults, and the control failed. */
    HELD,
    /** At least one violation. */
    VIOLATED,
    /** Too few faults or a control that did not fail: nothing is shown. */
    VOID
  }

  long landed() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }
}
