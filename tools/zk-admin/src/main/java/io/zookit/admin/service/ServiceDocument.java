package io.zookit.admin.service;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.admin.shell.Tone;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.balance.Route;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A service as programs see it.
 *
 * @param service its name
 * @param routes the names of the routes, in the order in which they are tried
 */
record ServiceDocument(String service, List<Member> instances, List<String> routes) {

  /**
   * An instance.
   *
   * @param weight its own
   * @param status what it says of itself
   * @param rule what operators say of it; null when nothing
   * @param heartbeat its last heartbeat; null if it writes none, and always in a watch
   */
  record Member(
      String id,
      String address,
      Map<String, Integer> ports,
      @Nullable String zone,
      @Nullable String version,
      int weight,
      String status,
      Map<String, String> metadata,
      @Nullable RuleDocument rule,
      @Nullable HeartbeatDocument heartbeat) {

    static Member of(
        ServiceInstance instance, Optional<InstanceRule> rule, @Nullable HeartbeatDocument beat) {
      InstanceName name = new InstanceName(instance.service(), instance.id());
      return new Member(
          instance.id(),
          instance.address(),
          new TreeMap<>(instance.ports()),
          instance.zone().orElse(null),
          instance.version().orElse(null),
          instance.weight(),
          instance.status().name().toLowerCase(Locale.ROOT),
          new TreeMap<>(instance.metadata()),
          rule.isEmpty() ? null : RuleDocument.of(name, rule),
          beat);
    }

    boolean isUp() {
      return status.equals("up") && (rule == null || (!rule.disabled() && !rule.drain()));
    }
  }

  static ServiceDocument of(
      String service,
      List<ServiceInstance> instances,
      ServicePolicy policy,
      List<HeartbeatReport> heartbeats,
      Instant now) {
    Map<String, HeartbeatDocument> beats = new HashMap<>();
    heartbeats.forEach(beat -> beats.put(beat.id(), HeartbeatDocument.of(beat)));
    return new ServiceDocument(
        service,
        instances.stream()
            .map(instance ->
                Member.of(instance, policy.rule(instance.id(), now), beats.get(instance.id())))
            .toList(),
        policy.routes().stream().map(Route::name).toList());
  }

  long up() {
    return instances.stream().filter(Member::isUp).count();
  }

  /** Layout of a service. */
  static final class Lines implements Layout<ServiceDocument> {

    /** The value of phi from which on consumers avoid an instance. */
    private static final double SUSPICIOUS = 8;

    @Override
    public String name(ServiceDocument service) {
      return service.service;
    }

    @Override
    public List<Column<ServiceDocument>> columns() {
      return List.of(
          Column.of("SERVICE", ServiceDocument::service),
          Column.of("INSTANCES", service -> service.instances.size()),
          new Column<>("IN ROTATION", Lines::rotation));
    }

    private static Cell rotation(ServiceDocument service) {
      long up = service.up();
      return new Cell(
          String.valueOf(up),
          up == 0 ? Tone.BAD : up < service.instances.size() ? Tone.ODD : Tone.GOOD);
    }

    @Override
    public Page page(ServiceDocument service) {
      Page page = Page.of("service " + service.service)
          .field("instances", service.instances.size())
          .field("in rotation", rotation(service));
      if (!service.routes.isEmpty()) {
        page.field("routes", String.join(", ", service.routes));
      }
      return page.table(members(service), service.instances);
    }

    private static List<Column<Member>> members(ServiceDocument service) {
      List<Column<Member>> columns = new ArrayList<>(members());
      if (service.instances.stream().anyMatch(each -> each.heartbeat != null)) {
        columns.add(new Column<>("PHI", Lines::phi));
      }
      return columns;
    }

    private static Cell phi(Member instance) {
      HeartbeatDocument beat = instance.heartbeat;
      return beat == null
          ? Cell.of("")
          : new Cell(
              String.format(Locale.ROOT, "%.1f", beat.phi()),
              beat.phi() < SUSPICIOUS ? Tone.GOOD : Tone.BAD);
    }

    private static List<Column<Member>> members() {
      return List.of(
          Column.of("ID", Member::id),
          Column.of("ADDRESS", Member::address),
          new Column<>("STATUS", each -> new Cell(each.status, each.isUp() ? Tone.GOOD : Tone.ODD)),
          Column.of("WEIGHT", Member::weight),
          Column.of("ZONE", each -> Objects.requireNonNullElse(each.zone, "")),
          Column.of("VERSION", each -> Objects.requireNonNullElse(each.version, "")),
          new Column<>(
              "RULE", each -> new Cell(each.rule == null ? "" : each.rule.words(), Tone.ODD)));
    }

    @Override
    public List<Cell> line(ServiceDocument service) {
      List<Cell> line = new ArrayList<>();
      line.add(Cell.of(service.service));
      line.add(Cell.of(service.up() + " of " + service.instances.size() + " in rotation"));
      service.instances.forEach(
          each -> line.add(new Cell(each.id, each.isUp() ? Tone.GOOD : Tone.ODD)));
      return line;
    }
  }
}
