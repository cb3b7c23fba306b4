package io.zookit.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.LifeSigns;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.core.Timekeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class FaultInjectorTest {

  private final List<String> told = new ArrayList<>();
  private final RunSettings settings =
      new RunSettings(7, Duration.ofMillis(900), Path.of("logs"), told::add);

  @Test
  void rage_untilTheTimeHasPassed_causesEachFaultOfTheDeckOnceBeforeAnyAgain() throws Exception {
    List<String> caused = new ArrayList<>();
    FaultTimeline timeline = new FaultTimeline();
    new FaultInjector(settings, since -> true, () -> "fine")
        .run(List.of(fault("one", caused), fault("two", caused)), timeline);
    assertThat(caused).hasSizeGreaterThanOrEqualTo(2);
    assertThat(caused.subList(0, 2)).containsExactlyInAnyOrder("one", "two");
    assertThat(timeline.landed()).isEqualTo(caused.size());
    assertThat(told).hasSameSizeAs(caused).allMatch(line -> line.contains("landed, back after"));
  }

  @Test
  void beats_oneThatWasNotHeardSince_isSilent() {
    LifeSigns lifeSigns = new LifeSigns();
    lifeSigns.onSignOfLife("ana");
    long now = Timekeeper.system().nanos() + 1;
    assertThat(lifeSigns.silentSince(now - Duration.ofMinutes(1).toNanos(), List.of("ana", "ben")))
        .containsExactly("ben");
    assertThat(lifeSigns.silentSince(now, List.of("ana"))).containsExactly("ana");
  }

  @Test
  void part_wordsReadBack_isTheSame() {
    ChildArguments arguments =
        new ChildArguments("client-1.12", "a:1,b:2", Duration.ofSeconds(2), List.of("more"));
    assertThat(ChildArguments.of(arguments.words().toArray(new String[0]))).isEqualTo(arguments);
    assertThat(arguments.member()).isEqualTo("client-1");
  }

  private static FaultAction fault(String name, List<String> caused) {
    return FaultAction.named(name, random -> {
      caused.add(name);
      return new FaultAction.Hit("somebody", true);
    });
  }
}
