package io.zookit.admin.command.service;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.balance.Route;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A service as programs see it.
 *
 * @param service its name
 * @param routes the names of the routes, in the order in which they are tried
 */
record ServiceDocument(String service, List<ListedInstance> instances, List<String> routes) {

  /** The value of phi from which on consumers avoid an instance. */
  private static final double SUSPICIOUS = 8;

  static final Layout<ServiceDocument> LAYOUT = Layout.of(
          ServiceDocument::service,
          Column.of("SERVICE", ServiceDocument::service),
          Column.<ServiceDocument>of("INSTANCES", service -> service.instances.size()),
          new Column<>("IN ROTATION", ServiceDocument::rotation))
      .withPage(ServiceDocument::page)
      .withLine(ServiceDocument::line);

  /**
   * An instance.
   *
   * @param weight its own
   * @param status what it says of itself
   * @param rule what operators say of it; null when nothing
   * @param heartbeat its last heartbeat; null if it writes none, and always in a watch
   */
  record ListedInstance(
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

    static ListedInstance of(
        ServiceInstance instance, Optional<InstanceRule> rule, @Nullable HeartbeatDocument beat) {
      RuleChange.InstanceName name = new RuleChange.InstanceName(instance.service(), instance.id());
      return new ListedInstance(
          instance.id(),
          instance.address(),
          new TreeMap<>(instance.ports()),
          instance.zone().orElse(null),
          instance.version().orElse(null),
          instance.weight(),
          DisplayText.of(instance.status()),
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
            .map(instance -> ListedInstance.of(
                instance, policy.rule(instance.id(), now), beats.get(instance.id())))
            .toList(),
        policy.routes().stream().map(Route::name).toList());
  }

  long up() {
    return instances.stream().filter(ListedInstance::isUp).count();
  }

  private Cell rotation() {
    long up = up();
    return new Cell(
        String.valueOf(up), up == 0 ? Style.BAD : up < instances.size() ? Style.ODD : Style.GOOD);
  }

  private Page page() {
    return Page.of("service " + service)
        .field("instances", instances.size())
        .field("in rotation", rotation())
        .optional("routes", String.join(", ", routes))
        .table(memberColumns(), instances);
  }

  private List<Column<ListedInstance>> memberColumns() {
    List<Column<ListedInstance>> columns = new ArrayList<>(List.of(
        Column.of("ID", ListedInstance::id),
        Column.of("ADDRESS", ListedInstance::address),
        new Column<>("STATUS", each -> new Cell(each.status, each.isUp() ? Style.GOOD : Style.ODD)),
        Column.of("WEIGHT", ListedInstance::weight),
        Column.of("ZONE", each -> DisplayText.orBlank(each.zone)),
        Column.of("VERSION", each -> DisplayText.orBlank(each.version)),
        new Column<>(
            "RULE", each -> new Cell(each.rule == null ? "" : each.rule.words(), Style.ODD))));
    if (instances.stream().anyMatch(each -> each.heartbeat != null)) {
      columns.add(new Column<>("PHI", ServiceDocument::phi));
    }
    return columns;
  }

  private static Cell phi(ListedInstance instance) {
    HeartbeatDocument beat = instance.heartbeat;
    return beat == null
        ? Cell.of("")
        : new Cell(
            String.format(Locale.ROOT, "%.1f", beat.phi()),
            beat.phi() < SUSPICIOUS ? Style.GOOD : Style.BAD);
  }

  private List<Cell> line() {
    List<Cell> line = new ArrayList<>();
    line.add(Cell.of(service));
    line.add(Cell.of(up() + " of " + instances.size() + " in rotation"));
    instances.forEach(each -> line.add(new Cell(each.id, each.isUp() ? Style.GOOD : Style.ODD)));
    return line;
  }

  /**
   * The last heartbeat of an instance, as programs see it.
   *
   * @param at when it was written, by the clock of ZooKeeper's leader
   * @param phi the suspicion that the heartbeats have ended; 8 or more takes an instance out of rotation
   */
  record HeartbeatDocument(Instant at, Duration period, double load, double phi) {

    static HeartbeatDocument of(HeartbeatReport report) {
      return new HeartbeatDocument(report.at(), report.period(), report.load(), report.phi());
    }
  }
}
