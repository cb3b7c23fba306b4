package io.zookit.chaos.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportedViewsTest {

  private static final String OBSERVER = "observer-1.1";
  private static final Map<String, Integer> WANTED = Map.of("i1", 7, "i2", 8);

  private final ReportedViews sightings = new ReportedViews();

  @Test
  void differing_viewThatIsWhatIsWanted_isNobody() {
    sightings.onLine(OBSERVER, "sees i1=7 i2=8");
    assertThat(sightings.differing(List.of(OBSERVER), WANTED)).isEmpty();
    sightings.blame(List.of(OBSERVER), WANTED, Set.of("i1", "i2"));
    assertThat(sightings.transcript().found()).isZero();
  }

  @Test
  void blame_ghostAndOldWeight_saysWhatIsTooMuchAndTooLittle() {
    sightings.onLine(OBSERVER, "sees i1=7 i2=1 i3=1");
    assertThat(sightings.differing(List.of(OBSERVER), WANTED)).containsExactly(OBSERVER);
    sightings.blame(List.of(OBSERVER), WANTED, Set.of("i1", "i2"));
    assertThat(sightings.transcript().findings().get(0))
        .contains("too much: [i2=1, i3=1]", "too little: [i2=8]");
  }

  @Test
  void differing_lifeThatHasNotSeenAnythingYet_isNamed() {
    sightings.onLine(OBSERVER, "sees i1=7 i2=8");
    assertThat(sightings.differing(List.of("observer-1.2"), WANTED))
        .containsExactly("observer-1.2");
  }

  @Test
  void heard_emptyView_isFound() {
    sightings.onLine(OBSERVER, "wrong 0 instances, 0 ids");
    assertThat(sightings.transcript().findings().get(0)).contains("empty, or an id twice");
  }

  @Test
  void staleControls_controlWithAnInstanceThatHasGone_isCounted() {
    sightings.onLine(OBSERVER, "control i1 i2 i3");
    sightings.onLine("observer-2.1", "control i1 i2");
    assertThat(sightings.staleControls(List.of(OBSERVER, "observer-2.1"), WANTED.keySet()))
        .isEqualTo(1);
  }
}
