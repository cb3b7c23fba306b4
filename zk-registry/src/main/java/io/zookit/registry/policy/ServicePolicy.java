package io.zookit.registry.policy;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.registry.balance.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything operators say of one service, in one document. Immutable.
 *
 * @param instances the rule of each instance that has one, by its id
 * @param routes where a part of the calls goes; the first that takes a call decides
 */
public record ServicePolicy(
    @Stored("instances") Map<String, InstanceRule> instances,
    @Stored("routes") List<Route> routes) {

  /** The greatest size of a stored policy, in bytes. */
  public static final int MAX_BYTES = 256 * 1024;

  static final RecordCodec<ServicePolicy> CODEC =
      RecordCodec.of(ServicePolicy.class, 1).withLimit(MAX_BYTES);

  /** Nothing is said. */
  public static final ServicePolicy NONE = new ServicePolicy(Map.of(), List.of());

  /** Keeps copies. */
  public ServicePolicy {
    instances = Map.copyOf(instances);
    routes = List.copyOf(routes);
  }

  /** The rule of an instance that is in force at a moment. */
  public Optional<InstanceRule> rule(String id, Instant now) {
    return Optional.ofNullable(instances.get(id)).filter(rule -> rule.isInForce(now));
  }

  /** Tells if the circuit breakers of consumers do not act on an instance at a moment. */
  public boolean hasCircuitDisabled(String id, Instant now) {
    return rule(id, now).filter(InstanceRule::isCircuitDisabled).isPresent();
  }

  /** A copy with another rule for an instance. */
  public ServicePolicy with(String id, InstanceRule rule) {
    Map<String, InstanceRule> more = new HashMap<>(instances);
    more.put(id, rule);
    return new ServicePolicy(more, routes);
  }

  /** A copy without a rule for an instance. */
  public ServicePolicy without(String id) {
    Map<String, InstanceRule> less = new HashMap<>(instances);
    less.remove(id);
    return new ServicePolicy(less, routes);
  }

  /** A copy with a route more, at the end or in the place of the one with its name. */
  public ServicePolicy with(Route route) {
    List<Route> more = new ArrayList<>(routes);
    int at = names().indexOf(route.name());
    if (at < 0) {
      more.add(route);
    } else {
      more.set(at, route);
    }
    return new ServicePolicy(instances, more);
  }

  /** A copy without the route of a name. */
  public ServicePolicy withoutRoute(String name) {
    return new ServicePolicy(
        instances, routes.stream().filter(route -> !route.name().equals(name)).toList());
  }

  private List<String> names() {
    return routes.stream().map(Route::name).toList();
  }

  /**
   * The bytes of the document.
   *
   * @throws IllegalArgumentException if it is larger than 256 KiB
   */
  public byte[] encode() {
    return CODEC.encode(this);
  }

  /** The document of some bytes; empty when a newer version wrote it or it is damaged. */
  public static Optional<ServicePolicy> decode(byte[] data) {
    return data.length == 0
        ? Optional.of(NONE)
        : CODEC.decode(data) instanceof Decoded.Value<ServicePolicy> read
            ? Optional.of(read.value())
            : Optional.empty();
  }
}
