package io.zookit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Timekeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class StormTest {

  private final List<String> told = new ArrayList<>();
  private final Setting setting =
      new Setting(7, Duration.ofMillis(900), Path.of("logs"), told::add);

  @Test
  void rage_untilTheTimeHasPassed_causesEachFaultOfTheDeckOnceBeforeAnyAgain() throws Exception {
    List<String> caused = new ArrayList<>();
    Timeline timeline = new Timeline();
    new Storm(setting, since -> true, () -> "fine")
        .rage(List.of(fault("one", caused), fault("two", caused)), timeline);
    assertThat(caused).hasSizeGreaterThanOrEqualTo(2);
    assertThat(caused.subList(0, 2)).containsExactlyInAnyOrder("one", "two");
    assertThat(timeline.landed()).isEqualTo(caused.size());
    assertThat(told).hasSameSizeAs(caused).allMatch(line -> line.contains("landed, back after"));
  }

  @Test
  void beats_oneThatWasNotHeardSince_isSilent() {
    Beats beats = new Beats();
    beats.heard("ana");
    long now = Timekeeper.system().nanos() + 1;
    assertThat(beats.silentSince(now - Duration.ofMinutes(1).toNanos(), List.of("ana", "ben")))
        .containsExactly("ben");
    assertThat(beats.silentSince(now, List.of("ana"))).containsExactly("ana");
  }

  @Test
  void part_wordsReadBack_isTheSame() {
    Part part = new Part("client-1.12", "a:1,b:2", Duration.ofSeconds(2), List.of("more"));
    assertThat(Part.of(part.words().toArray(new String[0]))).isEqualTo(part);
    assertThat(part.member()).isEqualTo("client-1");
  }

  private static Disturbance fault(String name, List<String> caused) {
    return Disturbance.named(name, random -> {
      caused.add(name);
      return new Disturbance.Hit("somebody", true);
    });
  }
}
