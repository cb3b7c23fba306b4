package io.zookit.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ClustersTest {

  @Test
  void arrows_groupsAndLines_leadToTheNextGroup() {
    Map<String, Map<String, Set<String>>> arrows =
        Clusters.arrows(List.of("lock: a, b → c → d, e", "lock: f → c", "core: ."));

    assertThat(arrows)
        .isEqualTo(Map.of(
            "lock",
            Map.of(
                "a", Set.of("c"),
                "b", Set.of("c"),
                "c", Set.of("d", "e"),
                "d", Set.of(),
                "e", Set.of(),
                "f", Set.of("c")),
            "core",
            Map.of(".", Set.of())));
  }

  @Test
  void reachable_overSeveralArrows_endsInACircle() {
    Map<String, Set<String>> arrows =
        Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b"), "d", Set.of());

    assertThat(Clusters.reachable(arrows, "a")).containsExactlyInAnyOrder("b", "c");
    assertThat(Clusters.reachable(arrows, "b")).containsExactlyInAnyOrder("b", "c");
    assertThat(Clusters.reachable(arrows, "d")).isEmpty();
  }

  @Test
  void table_arrows_makeNoCircle() {
    Clusters.arrows(Clusters.TABLE)
        .forEach((base, arrows) -> arrows
            .keySet()
            .forEach(cluster -> assertThat(Clusters.reachable(arrows, cluster))
                .as(base + ": " + cluster)
                .doesNotContain(cluster)));
  }

  @Test
  void table_everyLine_isInTheArchitecturePage() {
    assertThat(Checkout.page("docs/architecture.md")).contains(Clusters.TABLE);
  }
}
