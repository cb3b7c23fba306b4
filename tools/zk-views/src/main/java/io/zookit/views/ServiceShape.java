package io.zookit.views;

import io.zookit.registry.ConsumerPresence;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.balance.Route;
import io.zookit.registry.policy.CircuitOverride;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service.
 *
 * @param routes the names of the routes, in the order in which they are tried
 */
public record ServiceShape(String service, List<MemberShape> instances, List<String> routes) {

  /**
   * An instance.
   *
   * @param weight its own
   * @param status what it reports of itself
   * @param rule the rule of operators; null for none
   * @param heartbeat its last heartbeat; null if it writes none, or heartbeats were not read
   */
  public record MemberShape(
      String id,
      String address,
      Map<String, Integer> ports,
      Optional<String> zone,
      Optional<String> version,
      int weight,
      InstanceStatus status,
      Map<String, String> metadata,
      Optional<RuleShape> rule,
      @Nullable HeartbeatReport heartbeat) {

    static MemberShape of(
        ServiceInstance instance, Optional<InstanceRule> rule, @Nullable HeartbeatReport beat) {
      return new MemberShape(
          instance.id(),
          instance.address(),
          instance.ports(),
          instance.zone(),
          instance.version(),
          instance.weight(),
          instance.status(),
          instance.metadata(),
          rule.map(each -> RuleShape.of(instance.service() + "/" + instance.id(), each)),
          beat);
    }
  }

  /**
   * A rule that operators set for an instance.
   *
   * @param weight the weight that replaces the instance's own; null if it sets none
   * @param until when it ends; null for never
   * @param circuit {@code forced-open} or {@code disabled}; null if consumers decide for themselves
   */
  public record RuleShape(
      String instance,
      boolean disabled,
      Optional<Integer> weight,
      boolean drain,
      String by,
      Optional<Instant> until,
      Optional<String> circuit) {

    /** The shape of a rule of {@code SERVICE/ID}. */
    public static RuleShape of(String instance, InstanceRule rule) {
      return new RuleShape(
          instance,
          rule.disabled(),
          rule.weight(),
          rule.drain(),
          rule.by(),
          rule.until(),
          rule.circuit()
              .map(each -> each == CircuitOverride.FORCED_OPEN ? "forced-open" : "disabled"));
    }
  }

  /**
   * A service in a list.
   *
   * @param inRotation how many instances are up, and neither disabled nor drained
   * @param problem why it cannot be read; null if it can
   */
  public record SummaryShape(
      String service,
      int instances,
      int inRotation,
      @Nullable String problem) {

    /** The shape of a summary; a service that cannot be read has no numbers. */
    public static SummaryShape of(ServiceSummary service) {
      return service.problem().isPresent()
          ? new SummaryShape(service.service(), 0, 0, service.problem().get())
          : new SummaryShape(service.service(), service.instances(), service.healthy(), null);
    }
  }

  /**
   * A consumer.
   *
   * @param since when it began, by its own clock
   */
  public record ConsumerShape(String consumer, Instant since) {

    /** The shape of a consumer. */
    public static ConsumerShape of(ConsumerPresence consumer) {
      return new ConsumerShape(consumer.name(), consumer.since());
    }
  }

  /** The shape of the instances of a service, their rules and heartbeats. */
  public static ServiceShape of(
      String service,
      List<ServiceInstance> instances,
      ServicePolicy policy,
      List<HeartbeatReport> heartbeats,
      Instant now) {
    Map<String, HeartbeatReport> beats = new HashMap<>();
    heartbeats.forEach(beat -> beats.put(beat.id(), beat));
    return new ServiceShape(
        service,
        instances.stream()
            .map(each -> MemberShape.of(each, policy.rule(each.id(), now), beats.get(each.id())))
            .toList(),
        policy.routes().stream().map(Route::name).toList());
  }
}
