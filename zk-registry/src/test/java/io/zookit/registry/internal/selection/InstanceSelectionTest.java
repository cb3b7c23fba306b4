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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Selection of instances when some vanish, are ejected or have an operator's rule. */
class InstanceSelectionTest {

  private final ManualTimekeeper time = new ManualTimekeeper();
  private SelectionResult selection =
      SelectionResult.none(OutlierRule.STANDARD, SelectionTime.of(time));
  private SelectionInputs inputs = selection.inputs();
  private final TreeMap<String, ServiceInstance> tree = new TreeMap<>();
  private final List<InstanceChange> changes = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private ServiceSnapshot now = selection.snapshot();

  @Test
  void vanished_few_areOutOfRotationAtOnce() {
    up(0, 10);
    vanish(0, 4);
    assertThat(usable()).containsExactly("i4", "i5", "i6", "i7", "i8", "i9");
    assertThat(now.vanished()).hasSize(4);
    assertThat(told).filteredOn(line -> line.endsWith("VANISHED")).hasSize(4);
  }

  @Test
  void vanished_all_stayInRotationAndNobodyIsTold() {
    up(0, 10);
    told.clear();
    vanish(0, 10);
    assertThat(usable()).hasSize(10);
    assertThat(now.instances()).hasSize(10);
    assertThat(told).isEmpty();
  }

  @Test
  void vanished_all_areForgottenAfterTenMinutes() {
    up(0, 3);
    vanish(0, 3);
    time.advance(Duration.ofMinutes(10));
    publish();
    assertThat(now.instances()).isEmpty();
    assertThat(selection.nextDeadline(SelectionTime.of(time))).isEmpty();
  }

  @Test
  void vanished_andBack_isReplacedWithoutAGap() {
    up(0, 3);
    vanish(0, 3);
    told.clear();
    up(0, 3);
    assertThat(told).containsExactlyInAnyOrder("i0 REPLACED", "i1 REPLACED", "i2 REPLACED");
    assertThat(now.vanished()).isEmpty();
  }

  @Test
  void left_all_emptiesTheView() {
    up(0, 3);
    for (int i = 0; i < 3; i++) {
      leave(i);
    }
    assertThat(now.instances()).isEmpty();
    assertThat(now.vanished()).isEmpty();
  }

  @Test
  void left_most_thenOneVanishes_isNoPanicOverThoseThatLeft() {
    up(0, 10);
    for (int i = 0; i < 7; i++) {
      leave(i);
    }
    vanish(7, 8);
    assertThat(usable()).containsExactly("i8", "i9");
  }

  @Test
  void redeployed_withNewIdsAndWithoutGoodbyes_leavesNoDeadAddress() {
    up(0, 10);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 10; i++) {
        int old = 10 * round + i;
        up(old + 10, old + 11);
        vanish(old, old + 1);
      }
    }
    assertThat(usable()).containsExactlyInAnyOrderElementsOf(tree.keySet()).hasSize(10);
  }

  @Test
  void vanished_addressOfAnotherInstanceNow_isForgotten() {
    up(0, 1);
    vanish(0, 1);
    ServiceInstance heir = instance(0).withId("heir");
    tree.put("heir", heir);
    changes.add(new InstanceChange("heir", null, heir, ChangeCause.REGISTERED));
    publish();
    assertThat(usable()).containsExactly("heir");
    assertThat(now.vanished()).isEmpty();
  }

  @Test
  void disabled_vanishedWithAll_staysOut() {
    up(0, 2);
    inputs =
        inputs.withPolicy(ServicePolicy.NONE.with("i0", InstanceRule.by("ana").withDisabled(true)));
    publish();
    vanish(0, 2);
    assertThat(usable()).containsExactly("i1");
  }

  @Test
  void policy_weightDrainAndUntil_areObeyed() {
    up(0, 4);
    inputs = inputs.withPolicy(ServicePolicy.NONE
        .with("i0", InstanceRule.by("ana").withWeight(7))
        .with("i1", InstanceRule.by("ana").withWeight(0))
        .with("i2", InstanceRule.by("ana").withDrain(true))
        .with(
            "i3", InstanceRule.by("ana").withDisabled(true).withUntil(time.now().plusSeconds(60))));
    publish();
    assertThat(usable()).containsExactly("i0");
    assertThat(now.usable().get(0).weight()).isEqualTo(7);
    assertThat(now.reasons()).containsEntry("i2", "drained by ana");
    assertThat(selection.nextDeadline(SelectionTime.of(time))).isPresent();
    time.advance(Duration.ofSeconds(60));
    publish();
    assertThat(usable()).containsExactly("i0", "i3");
  }

  @Test
  void failing_fiveTimes_isEjected_triedAgain_andBackAfterASuccess() {
    up(0, 4);
    fail("i0", 4);
    assertThat(usable()).hasSize(4);
    fail("i0", 1);
    assertThat(usable()).containsExactly("i1", "i2", "i3");
    assertThat(now.reasons()).containsEntry("i0", "ejected after 5 failures");
    time.advance(Duration.ofSeconds(30));
    publish();
    assertThat(member("i0").onProbation()).isTrue();
    fail("i0", 1);
    assertThat(usable()).containsExactly("i1", "i2", "i3");
    time.advance(Duration.ofSeconds(59));
    publish();
    assertThat(usable()).hasSize(3);
    time.advance(Duration.ofSeconds(1));
    publish();
    member("i0").stats().succeed(time.nanos(), 1_000);
    inputs = selection.afterCall(member("i0"), SelectionTime.of(time));
    publish();
    assertThat(member("i0").onProbation()).isFalse();
  }

  @Test
  void failing_all_atMostHalfIsEjected() {
    up(0, 10);
    for (int i = 0; i < 10; i++) {
      fail("i" + i, 20);
    }
    assertThat(usable()).hasSize(5);
  }

  @Test
  void circuit_forcedOpen_isNeverChosenAndTheReasonNamesTheOperator() {
    up(0, 2);
    inputs = inputs.withPolicy(ServicePolicy.NONE.with(
        "i0", InstanceRule.by("ana").withCircuit(CircuitOverride.FORCED_OPEN)));
    publish();
    assertThat(usable()).containsExactly("i1");
    assertThat(now.reasons()).containsEntry("i0", "circuit forced open by ana");
    vanish(1, 2);
    assertThat(usable()).containsExactly("i1");
    inputs = inputs.withPolicy(ServicePolicy.NONE);
    publish();
    assertThat(usable()).contains("i0");
  }

  @Test
  void circuit_disabled_neitherFailuresNorSilenceTakeTheInstanceOut() {
    up(0, 4);
    inputs = inputs.withPolicy(ServicePolicy.NONE.with(
        "i0", InstanceRule.by("ana").withCircuit(CircuitOverride.DISABLED)));
    publish();
    fail("i0", 20);
    inputs = inputs.withSuspicion(member("i0").name(), Optional.of("silent"));
    publish();
    assertThat(usable()).hasSize(4);
    assertThat(member("i0").onProbation()).isFalse();
    inputs = inputs.withPolicy(ServicePolicy.NONE);
    publish();
    assertThat(usable()).containsExactly("i1", "i2", "i3");
    assertThat(now.reasons()).containsEntry("i0", "silent");
  }

  @Test
  void circuit_disabledWhileEjected_bringsTheInstanceBackAtOnce() {
    up(0, 4);
    fail("i0", 5);
    assertThat(usable()).containsExactly("i1", "i2", "i3");
    inputs = inputs.withPolicy(ServicePolicy.NONE.with(
        "i0", InstanceRule.by("ana").withCircuit(CircuitOverride.DISABLED)));
    publish();
    assertThat(usable()).hasSize(4);
    assertThat(member("i0").onProbation()).isFalse();
    inputs = inputs.withPolicy(ServicePolicy.NONE);
    publish();
    assertThat(usable()).hasSize(4);
    fail("i0", 1);
    assertThat(usable()).containsExactly("i1", "i2", "i3");
  }

  @Test
  void silent_all_atMostHalfIsOut() {
    up(0, 10);
    now.usable().forEach(each -> inputs = inputs.withSuspicion(each.name(), Optional.of("silent")));
    publish();
    assertThat(usable()).hasSize(5);
  }

  @Test
  void restored_staysUntilSomebodyIsThere() {
    inputs = inputs.withRestored(live(List.of(instance(1), instance(2))), SelectionTime.of(time));
    publish();
    assertThat(usable()).containsExactly("i1", "i2");
    publish();
    assertThat(usable()).containsExactly("i1", "i2");
    up(2, 4);
    assertThat(usable()).containsExactly("i2", "i3");
    assertThat(now.vanished()).isEmpty();
  }

  private void fail(String id, int times) {
    for (int i = 0; i < times && usable().contains(id); i++) {
      ServiceMember member = member(id);
      member.stats().fail(time.nanos(), 1_000);
      inputs = selection.afterCall(member, SelectionTime.of(time));
      publish();
    }
  }

  private ServiceMember member(String id) {
    return now.usable().stream()
        .filter(each -> each.instance().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private List<String> usable() {
    return now.usable().stream().map(each -> each.instance().id()).toList();
  }

  private void up(int from, int to) {
    for (int i = from; i < to; i++) {
      tree.put("i" + i, instance(i));
      changes.add(new InstanceChange("i" + i, null, instance(i), ChangeCause.REGISTERED));
    }
    publish();
  }

  private void vanish(int from, int to) {
    for (int i = from; i < to; i++) {
      tree.remove("i" + i);
      changes.add(new InstanceChange("i" + i, instance(i), null, ChangeCause.VANISHED));
    }
    publish();
  }

  private void leave(int i) {
    ServiceInstance leaving = instance(i).withStatus(InstanceStatus.LEAVING);
    tree.put("i" + i, leaving);
    changes.add(new InstanceChange("i" + i, instance(i), leaving, ChangeCause.UPDATED));
    publish();
    tree.remove("i" + i);
    changes.add(new InstanceChange("i" + i, leaving, null, ChangeCause.LEFT));
    publish();
  }

  private void publish() {
    selection = InstanceSelection.select(
        selection, inputs.withNodes(live(tree.values()), 0), changes, SelectionTime.of(time));
    inputs = selection.inputs();
    now = selection.snapshot();
    selection.changes().forEach(change -> told.add(change.id() + " " + change.cause()));
    changes.clear();
  }

  private static List<LiveNode> live(Collection<ServiceInstance> instances) {
    return instances.stream()
        .map(each -> new LiveNode("~b00", new NodeName(each.id(), 1), 0, each))
        .toList();
  }

  private static ServiceInstance instance(int i) {
    return ServiceInstance.at("s", "h" + i, 80).withId("i" + i);
  }
}
