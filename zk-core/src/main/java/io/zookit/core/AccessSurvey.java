package io.zookit.core;

import java.util.List;

/**
 * The access lists that nodes have, compared with the stored policy.
 *
 * @param nodes how many nodes were looked at
 * @param changed how many were given their list; 0 after a mere look
 * @param deviations the nodes whose list is another one, or could not be read or set
 */
public record AccessSurvey(int nodes, int changed, List<Deviation> deviations) {

  /** Creates a survey. */
  public AccessSurvey {
    deviations = List.copyOf(deviations);
  }

  /**
   * A node whose list is not what the policy says.
   *
   * @param path the node
   * @param open whether its list names clients without any identity ({@code world:anyone})
   * @param reason what is wrong with it
   */
  public record Deviation(String path, boolean open, String reason) {}

  /** How many deviating nodes are open to clients without any identity. */
  public long openNodes() {
    return deviations.stream().filter(Deviation::open).count();
  }
}
