package io.zookit.registry.internal.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.registry.ChangeCause;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.health.OutlierRule;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Equivalence of a patched selection and one that is rebuilt. */
class SelectionPatchTest {

  private static final int STEPS = 3_000;
  private static final int IDS = 12;

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final TreeMap<String, ServiceInstance> tree = new TreeMap<>();
  private final Seen patching = new Seen(ServicePolicy.NONE);
  private final Seen anew =
      new Seen(ServicePolicy.NONE.with("nobody", InstanceRule.by("ana").withDisabled(true)));
  private long made;

  /** A selection and what listeners of it know. */
  private final class Seen {
    private final ServicePolicy policy;
    private final Map<String, ServiceInstance> told = new TreeMap<>();
    private SelectionResult selection =
        SelectionResult.none(OutlierRule.STANDARD, SelectionTime.of(time));
    private ServiceSnapshot now = selection.snapshot();

    Seen(ServicePolicy policy) {
      this.policy = policy;
    }

    private List<InstanceChange> see(List<LiveNode> live, List<InstanceChange> changes) {
      selection = InstanceSelection.select(
          selection,
          selection.inputs().withNodes(live, 0).withPolicy(policy),
          changes,
          SelectionTime.of(time));
      now = selection.snapshot();
      List<InstanceChange> differences = selection.changes();
      differences.forEach(each -> {
        assertThat(told.get(each.id())).isEqualTo(each.before());
        if (each.after() == null) {
          told.remove(each.id());
        } else {
          told.put(each.id(), each.after());
        }
      });
      assertThat(told.values()).containsExactlyElementsOf(now.instances());
      return differences;
    }

    private List<String> usable() {
      List<String> usable = new ArrayList<>();
      for (int i = 0; i < now.candidates().size(); i++) {
        usable.add(now.candidates().get(i).id() + " " + now.candidates().weight(i));
      }
      return usable;
    }
  }

  @Test
  void snapshot_changesAtRandom_isTheSameAsMadeAnew() {
    long seed = new Random().nextLong();
    System.out.println("selection: seed " + seed);
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      List<InstanceChange> changes = change(random);
      Map<String, ServiceMember> before = members(patching);
      List<LiveNode> live = live();
      assertThat(patching.see(live, changes))
          .as("told in step %s of seed %s", step, seed)
          .containsExactlyInAnyOrderElementsOf(anew.see(live, changes));
      assertSame("step " + step + " of seed " + seed);
      assertKept(before, changes);
      time.advance(Duration.ofSeconds(random.nextInt(200)));
    }
  }

  private void assertSame(String when) {
    assertThat(patching.now.instances()).as(when).isEqualTo(anew.now.instances());
    assertThat(patching.now.vanished()).as(when).isEqualTo(anew.now.vanished());
    assertThat(patching.now.inRotation()).as(when).isEqualTo(anew.now.inRotation());
    assertThat(patching.now.reasons()).as(when).isEqualTo(anew.now.reasons());
    assertThat(patching.usable()).as(when).isEqualTo(anew.usable());
  }

  /** Asserts that the statistics of an instance stay with it. */
  private void assertKept(Map<String, ServiceMember> before, List<InstanceChange> changes) {
    List<String> changed = changes.stream().map(InstanceChange::id).toList();
    members(patching).forEach((id, member) -> {
      if (before.containsKey(id) && !changed.contains(id)) {
        assertThat(member.stats()).isSameAs(before.get(id).stats());
      }
    });
  }

  private static Map<String, ServiceMember> members(Seen seen) {
    Map<String, ServiceMember> members = new HashMap<>();
    seen.now.usable().forEach(each -> members.put(each.id(), each));
    return members;
  }

  private List<InstanceChange> change(Random random) {
    Map<String, InstanceChange> changes = new HashMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      String id = "i" + random.nextInt(IDS);
      if (!changes.containsKey(id)) {
        changes.put(id, change(id, random));
      }
    }
    return List.copyOf(changes.values());
  }

  private InstanceChange change(String id, Random random) {
    ServiceInstance before = tree.get(id);
    if (before == null || random.nextInt(3) > 0) {
      ServiceInstance after =
          ServiceInstance.at("s", "h" + made++, 80).withId(id).withWeight(weight(random));
      tree.put(id, after);
      ChangeCause cause = before == null
          ? ChangeCause.REGISTERED
          : random.nextBoolean() ? ChangeCause.UPDATED : ChangeCause.REPLACED;
      return new InstanceChange(id, before, after, cause);
    }
    tree.remove(id);
    boolean vanished = random.nextInt(8) == 0;
    return new InstanceChange(id, before, null, vanished ? ChangeCause.VANISHED : ChangeCause.LEFT);
  }

  /** Sometimes none, which takes an instance out. */
  private static int weight(Random random) {
    return random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(100);
  }

  private List<LiveNode> live() {
    return tree.values().stream()
        .map(each -> new LiveNode("~b00", new NodeName(each.id(), 1), 0, each))
        .toList();
  }
}
