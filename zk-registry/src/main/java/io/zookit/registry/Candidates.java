package io.zookit.registry;

import java.util.List;

/**
 * The instances of a view that may be chosen, in the order of their ids. Immutable: a view that changes makes others, so
 * the same object is the same choice.
 */
public final class Candidates {

  private final ServiceInstance[] instances;

  private Candidates(ServiceInstance[] instances) {
    this.instances = instances;
  }

  /** Candidates of one's own, to try a balancer. */
  public static Candidates of(List<ServiceInstance> instances) {
    return new Candidates(instances.toArray(new ServiceInstance[0]));
  }

  /** How many there are. */
  public int size() {
    return instances.length;
  }

  /**
   * One of them.
   *
   * @param index 0 to {@link #size} − 1
   */
  public ServiceInstance get(int index) {
    return instances[index];
  }

  @Override
  public String toString() {
    return List.of(instances).toString();
  }
}
