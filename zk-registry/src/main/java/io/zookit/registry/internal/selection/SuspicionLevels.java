package io.zookit.registry.internal.selection;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The values of phi of the instances of one service, as last measured. Written on the loop, read by any thread. */
public final class SuspicionLevels {

  private final Map<String, Double> levels = new ConcurrentHashMap<>();

  public void put(String id, double phi) {
    levels.put(id, phi);
  }

  /** Forgets a value that no longer says anything. */
  public void remove(String id) {
    levels.remove(id);
  }

  /** Forgets the values of all other instances. */
  public void retain(List<ServiceMember> members) {
    levels.keySet().retainAll(members.stream().map(ServiceMember::id).collect(Collectors.toSet()));
  }

  public OptionalDouble of(String id) {
    Double phi = levels.get(id);
    return phi == null ? OptionalDouble.empty() : OptionalDouble.of(phi);
  }
}
