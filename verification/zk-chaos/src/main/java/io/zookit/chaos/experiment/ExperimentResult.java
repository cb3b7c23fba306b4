package io.zookit.chaos.experiment;

import java.util.List;
import java.util.Map;

/**
 * Result of an experiment.
 *
 * @param experiment its name
 * @param promise the promise that it tried to break
 * @param seed of its choices
 * @param minutes how long faults were caused
 * @param result whether the promise held
 * @param reason why it is void or violated; empty if the promise held
 * @param counts counted values: operations, outcomes, losses of the control
 * @param faults number of landed faults of each kind
 * @param recovery milliseconds from the end of a fault until work resumed: p50, p99, max
 * @param violations each with an excerpt of the history
 * @param incidents the time line
 */
public record ExperimentResult(
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
    List<InjectedFault> incidents) {

  public enum Result {
    /** No violation, enough faults, and the control failed. */
    HELD,
    /** At least one violation. */
    VIOLATED,
    /** Too few faults or a control that did not fail: nothing is shown. */
    VOID
  }

  public long landed() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }
}
