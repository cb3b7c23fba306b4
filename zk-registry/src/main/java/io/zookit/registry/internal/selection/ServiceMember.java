package io.zookit.registry.internal.selection;

import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.balance.CallStats;
import io.zookit.registry.balance.Candidate;
import java.util.Map;

/**
 * An instance of a view with what is known of it here.
 *
 * @param node where it is registered
 * @param weight what counts, its own or the operators'
 * @param onProbation whether it was ejected and is tried again
 */
public record ServiceMember(LiveNode node, int weight, CallStats stats, boolean onProbation)
    implements Candidate {

  private static final String PRIORITY = "priority";
  private static final int MOST_DIGITS = 4;

  /**
   * A member of which nothing is known but its node.
   *
   * @param serverMillis the newest time stamp of a server that was seen
   */
  static ServiceMember first(LiveNode node, long serverMillis, long now) {
    long age = Math.max(0, serverMillis - node.ctime());
    CallStats stats = new CallStats(now, age * 1_000_000);
    return new ServiceMember(node, node.instance().weight(), stats, false);
  }

  ServiceMember with(int counted, boolean probation) {
    return new ServiceMember(node, counted, stats, probation);
  }

  /** The instance with the weight that counts. */
  ServiceInstance weighed() {
    return weight == instance().weight() ? instance() : instance().withWeight(weight);
  }

  /** Returns the instance as it was registered. */
  public ServiceInstance instance() {
    return node.instance();
  }

  /** Tells if an instance says that it may be chosen. */
  static boolean takesCalls(ServiceInstance instance) {
    return instance.status() == InstanceStatus.UP && instance.weight() > 0;
  }

  /** The name of its node. */
  public String name() {
    return node.name();
  }

  @Override
  public String id() {
    return instance().id();
  }

  @Override
  public String zone() {
    return instance().zone().orElse("");
  }

  @Override
  public String version() {
    return instance().version().orElse("");
  }

  @Override
  public Map<String, String> tags() {
    return instance().metadata();
  }

  @Override
  public int priority() {
    String text = instance().metadata().getOrDefault(PRIORITY, "0");
    boolean number = !text.isEmpty()
        && text.length() <= MOST_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(text) : 0;
  }
}
