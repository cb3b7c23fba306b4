package io.zookit.config.internal.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusGatheringTest {

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final List<String> collected = new ArrayList<>();
  private final List<List<String>> writes = new ArrayList<>();
  private final StatusGathering gathering =
      new StatusGathering(SerialLane.inline(Runnable::run, "test"), time, updates -> {
        writes.add(List.copyOf(collected));
        collected.clear();
      });
  private final StatusGathering.StatusSource limits = new Source("limits");
  private final StatusGathering.StatusSource prices = new Source("prices");

  private final class Source implements StatusGathering.StatusSource {
    private final String name;

    Source(String name) {
      this.name = name;
    }

    @Override
    public void collect(Map<OwnedNode, byte[]> updates) {
      collected.add(name);
    }
  }

  @Test
  void add_nobodyWaits_gathersWhatComesWithinSecondsIntoOneWrite() {
    gathering.add(limits, false);
    time.advance(Duration.ofMillis(StatusGathering.GATHER_MILLIS - 1));
    assertThat(writes).isEmpty();
    gathering.add(prices, false);
    gathering.add(limits, false);

    time.advance(
        Duration.ofMillis(StatusGathering.LATEST_MILLIS - StatusGathering.GATHER_MILLIS + 1));

    assertThat(writes).containsExactly(List.of("limits", "prices"));
    time.advance(Duration.ofMinutes(1));
    assertThat(writes).hasSize(1);
  }

  @Test
  void add_aCallerWaits_writesWhatIsGatheredAtOnce() {
    gathering.add(limits, false);
    gathering.add(prices, true);
    gathering.add(prices, false);

    time.advance(Duration.ofMillis(StatusGathering.PROMPT_MILLIS));

    assertThat(writes).containsExactly(List.of("limits", "prices"));
    time.advance(Duration.ofMinutes(1));
    assertThat(writes).hasSize(1);
    gathering.add(limits, false);
    time.advance(Duration.ofMillis(StatusGathering.GATHER_MILLIS - 1));
    assertThat(writes).hasSize(1);
  }

  @Test
  void close_beforeTheWrite_writesNothing() {
    gathering.add(limits, true);
    gathering.close();
    time.advance(Duration.ofMinutes(1));
    gathering.add(prices, true);
    time.advance(Duration.ofMinutes(1));

    assertThat(writes).isEmpty();
  }
}
