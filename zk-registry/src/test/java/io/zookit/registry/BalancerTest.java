package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BalancerTest {

  private static final List<ServiceInstance> THREE = List.of(
      ServiceInstance.at("s", "a", 1),
      ServiceInstance.at("s", "b", 1),
      ServiceInstance.at("s", "c", 1));

  @Test
  void roundRobin_threeCalls_areThreeInstancesInOrder() {
    Balancer turns = new RoundRobin(0);
    Candidates candidates = Candidates.of(THREE);
    List<ServiceInstance> chosen = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      chosen.add(turns.choose(candidates));
    }
    assertThat(chosen.subList(0, 3)).isEqualTo(THREE);
    assertThat(chosen.subList(3, 6)).isEqualTo(THREE);
  }

  @Test
  void roundRobin_counterOverflows_goesOn() {
    for (int first : new int[] {Integer.MAX_VALUE - 3, -4}) {
      Balancer turns = new RoundRobin(first);
      Candidates candidates = Candidates.of(THREE);
      Set<ServiceInstance> chosen = new HashSet<>();
      for (int i = 0; i < 12; i++) {
        chosen.add(turns.choose(candidates));
      }
      assertThat(chosen).containsExactlyInAnyOrderElementsOf(THREE);
    }
  }

  @Test
  void roundRobin_manyBalancers_doNotAllBeginWithTheSame() {
    Candidates candidates = Candidates.of(THREE);
    Set<ServiceInstance> first = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      first.add(Balancer.roundRobin().choose(candidates));
    }
    assertThat(first).hasSize(3);
  }

  @Test
  void random_manyCalls_choosesEach() {
    Candidates candidates = Candidates.of(THREE);
    Set<ServiceInstance> chosen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      chosen.add(Balancer.random().choose(candidates));
    }
    assertThat(chosen).hasSize(3);
  }

  @Test
  void snapshot_ofAllKinds_letsOnlyThoseBeChosenThatTakeCalls() {
    ServiceInstance leaving = THREE.get(0).withStatus(InstanceStatus.LEAVING);
    ServiceInstance down = THREE.get(1).withStatus(InstanceStatus.DOWN);
    ServiceInstance idle = THREE.get(2).withWeight(0);
    ServiceInstance up = ServiceInstance.at("s", "d", 1);
    ServiceSnapshot snapshot = ServiceSnapshot.of(List.of(leaving, down, idle, up));
    assertThat(snapshot.instances()).hasSize(4);
    assertThat(snapshot.usable().size()).isEqualTo(1);
    assertThat(snapshot.usable().get(0)).isEqualTo(up);
    assertThat(ServiceSnapshot.of(List.of(leaving, down, idle)).describe())
        .isEqualTo("none of 3 may be chosen: 1 UP with weight 0, 1 LEAVING, 1 DOWN");
  }
}
