package io.zookit.registry.internal.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.registry.ChangeCause;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.health.OutlierRule;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.policy.CircuitOverride;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Properties of selections whatever happens to a service: random registrations, goodbyes, losses, policies, suspicions and
 * results of calls. {@code -Dzookit.seed=N} replays a run.
 */
@Tag("full")
class SelectionPropertyTest {

  private static final int RUNS = 15;
  private static final int STEPS = 150;
  private static final int IDS = 10;

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final TreeMap<String, LiveNode> tree = new TreeMap<>();
  private final Map<String, InstanceChange> changes = new HashMap<>();
  private final TreeMap<String, ServiceInstance> told = new TreeMap<>();
  private Random random = new Random();
  private SelectionResult selection =
      SelectionResult.none(OutlierRule.STANDARD, SelectionTime.of(time));
  private SelectionInputs inputs = selection.inputs();
  private long nonce;

  @Test
  void select_eventsAtRandom_keepsItsPromises() {
    long first = Long.getLong("zookit.seed", new Random().nextInt());
    System.out.println("seed=" + first);
    for (int run = 0; run < RUNS; run++) {
      random = new Random(first + run);
      tree.clear();
      told.clear();
      selection = SelectionResult.none(OutlierRule.STANDARD, SelectionTime.of(time));
      for (int step = 0; step < STEPS; step++) {
        check(step, "seed " + (first + run) + ", step " + step);
      }
    }
  }

  private void check(int step, String when) {
    inputs = selection.inputs();
    changes.clear();
    for (int i = random.nextInt(3); i >= 0; i--) {
      act(step == 0);
    }
    SelectionResult before = selection;
    String unchanged = before.toString() + before.inputs().quarantine().all();
    SelectionTime now = SelectionTime.of(time);
    SelectionInputs given = inputs.withNodes(List.copyOf(tree.values()), 0);
    selection = InstanceSelection.select(before, given, changes.values(), now);
    SelectionResult again = InstanceSelection.select(before, given, changes.values(), now);
    assertThat(describe(again)).as("%s: the same again", when).isEqualTo(describe(selection));
    assertThat(before.toString() + before.inputs().quarantine().all())
        .as("%s: the selection before", when)
        .isEqualTo(unchanged);
    requireChanges(when);
    requireRules(when, now);
  }

  /** The changes of which listeners are notified lead from each list to the next. */
  private void requireChanges(String when) {
    for (InstanceChange change : selection.changes()) {
      assertThat(told.get(change.id())).as(when).isEqualTo(change.before());
      if (change.after() == null) {
        told.remove(change.id());
      } else {
        told.put(change.id(), change.after());
      }
    }
    assertThat(selection.snapshot().instances()).as(when).containsExactlyElementsOf(told.values());
  }

  private void requireRules(String when, SelectionTime now) {
    ServiceSnapshot shown = selection.snapshot();
    Set<String> usable = ids(shown.usable());
    Set<String> vanished = ids(selection.vanished());
    Set<String> wellSet = new TreeSet<>();
    tree.forEach((id, node) -> {
      if (isWell(node.instance(), now)) {
        wellSet.add(id);
      }
    });
    assertThat(ids(selection.eligible())).as("%s: eligible", when).isEqualTo(wellSet);
    assertThat(Collections.disjoint(tree.keySet(), vanished))
        .as("%s: vanished", when)
        .isTrue();
    for (String id : usable) {
      Optional<InstanceRule> rule = selection.inputs().policy().rule(id, now.wall());
      assertThat(rule.filter(InstanceRule::disabled))
          .as("%s: disabled %s", when, id)
          .isEmpty();
      assertThat(wellSet.contains(id) || vanished.contains(id))
          .as("%s: %s", when, id)
          .isTrue();
    }
    for (String id : wellSet) {
      if (selection.inputs().policy().hasCircuitDisabled(id, now.wall())) {
        assertThat(usable).as("%s: circuit breakers off", when).contains(id);
      }
    }
    if (!wellSet.isEmpty()) {
      assertThat(usable).as("%s: some can be chosen", when).isNotEmpty();
    }
    for (String id : tree.keySet()) {
      assertThat(usable.contains(id) != shown.reasons().containsKey(id))
          .as("%s: %s is chosen, or has a reason", when, id)
          .isTrue();
    }
    long out = wellSet.stream().filter(id -> !usable.contains(id)).count();
    assertThat(out).as("%s: ejected or suspected", when).isLessThanOrEqualTo(most(wellSet.size()));
  }

  /** At most half are suspected; of those that could be chosen at the time, at most half were ejected. */
  private int most(int eligible) {
    long ejected = tree.values().stream()
        .filter(node -> selection.inputs().ejections().reason(node.name()).isPresent())
        .count();
    return Math.min(Math.max(0, eligible - 1), (int) ejected + eligible / 2);
  }

  private boolean isWell(ServiceInstance instance, SelectionTime now) {
    Optional<InstanceRule> rule = selection.inputs().policy().rule(instance.id(), now.wall());
    int weight = rule.flatMap(InstanceRule::weight).orElse(instance.weight());
    return instance.status() == InstanceStatus.UP
        && weight > 0
        && rule.filter(each -> each.disabled() || each.drain()).isEmpty();
  }

  private void act(boolean restoring) {
    String id = "i" + random.nextInt(IDS);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> changeNode(id);
      case 3 -> removeNode(id);
      case 4 -> inputs = inputs.withPolicy(policy(id));
      case 5 -> suspect();
      case 6 -> call();
      default -> {
        if (restoring) {
          inputs =
              inputs.withRestored(List.of(node(id, InstanceStatus.UP)), SelectionTime.of(time));
        }
        time.advance(Duration.ofSeconds(random.nextInt(400)));
      }
    }
  }

  private void changeNode(String id) {
    LiveNode before = tree.get(id);
    if (changes.containsKey(id)) {
      return;
    }
    InstanceStatus status = random.nextInt(4) == 0
        ? random.nextBoolean() ? InstanceStatus.LEAVING : InstanceStatus.DOWN
        : InstanceStatus.UP;
    LiveNode after = node(id, status);
    tree.put(id, after);
    changes.put(
        id,
        before == null
            ? new InstanceChange(id, null, after.instance(), ChangeCause.REGISTERED)
            : new InstanceChange(id, before.instance(), after.instance(), ChangeCause.REPLACED));
  }

  private void removeNode(String id) {
    if (changes.containsKey(id) || !tree.containsKey(id)) {
      return;
    }
    ServiceInstance was = tree.remove(id).instance();
    ChangeCause cause =
        was.status() == InstanceStatus.LEAVING ? ChangeCause.LEFT : ChangeCause.VANISHED;
    changes.put(id, new InstanceChange(id, was, null, cause));
  }

  private ServicePolicy policy(String id) {
    InstanceRule rule = InstanceRule.by("ana");
    return switch (random.nextInt(7)) {
      case 0 -> inputs.policy().with(id, rule.withDisabled(true));
      case 1 -> inputs.policy().with(id, rule.withDrain(true));
      case 2 -> inputs.policy().with(id, rule.withWeight(random.nextInt(3)));
      case 3 ->
        inputs
            .policy()
            .with(
                id, rule.withDisabled(true).withUntil(time.now().plusSeconds(random.nextInt(300))));
      case 4 -> inputs.policy().with(id, rule.withCircuit(CircuitOverride.FORCED_OPEN));
      case 5 -> inputs.policy().with(id, rule.withCircuit(CircuitOverride.DISABLED));
      default -> ServicePolicy.NONE;
    };
  }

  private void suspect() {
    List<ServiceMember> members = selection.members();
    if (!members.isEmpty()) {
      String name = members.get(random.nextInt(members.size())).name();
      inputs = inputs.withSuspicion(
          name, random.nextInt(3) == 0 ? Optional.empty() : Optional.of("silent"));
    }
  }

  /** Calls are evaluated against the selection, so nothing else may have been said before. */
  private void call() {
    List<ServiceMember> usable = selection.snapshot().usable();
    if (usable.isEmpty() || inputs != selection.inputs()) {
      return;
    }
    ServiceMember member = usable.get(random.nextInt(usable.size()));
    if (random.nextInt(3) == 0) {
      member.stats().succeed(time.nanos(), 1_000);
    } else {
      for (int i = 0; i < 5; i++) {
        member.stats().fail(time.nanos(), 1_000);
      }
    }
    inputs = selection.afterCall(member, SelectionTime.of(time));
  }

  private LiveNode node(String id, InstanceStatus status) {
    ServiceInstance instance = ServiceInstance.at("s", "h" + nonce, 80)
        .withId(id)
        .withWeight(random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(9))
        .withStatus(status);
    return new LiveNode("~b00", new NodeName(id, nonce++), 0, instance);
  }

  private static Set<String> ids(List<ServiceMember> members) {
    return members.stream().map(ServiceMember::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Object> describe(SelectionResult one) {
    ServiceSnapshot shown = one.snapshot();
    List<Object> all = new ArrayList<>();
    all.add(shown.instances());
    all.add(shown.vanished());
    all.add(shown.inRotation());
    all.add(shown.reasons());
    all.add(one.changes());
    all.add(ids(shown.usable()));
    all.add(ids(one.eligible()));
    return all;
  }
}
