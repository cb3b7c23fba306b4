package io.zookit.registry;

import java.util.List;
import java.util.Optional;

/**
 * Explanation of a choice: the chosen instance, and a reason for each of the others.
 *
 * @param rule the rule that chose
 * @param chosen the one it chose this time
 * @param lines what there is to say of each instance, in the order of the ids
 */
public record PickReport(String rule, Optional<ServiceInstance> chosen, List<Line> lines) {

  /**
   * One instance.
   *
   * @param usable whether it could be chosen at all
   * @param reason what the rule holds of it, or why it could not
   */
  public record Line(String id, boolean usable, String reason) {}

  /** Keeps a copy. */
  public PickReport {
    lines = List.copyOf(lines);
  }
}
