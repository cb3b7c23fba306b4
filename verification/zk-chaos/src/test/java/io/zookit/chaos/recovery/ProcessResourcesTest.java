package io.zookit.chaos.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessResourcesTest {

  private static final String HISTOGRAM = """
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:          4711         113064  [B (java.base@17.0.15)
         2:            12            192  org.apache.curator.framework.listen.StandardListenerManager
         3:             7            112  io.zookit.lock.QueueWatch$$Lambda$12/0x00007f
         4:             3             48  io.zookit.lock.QueueWatch$$Lambda$12/0x00008f
         5:             9            144  java.util.EventListenerProxy
      """;

  @Test
  void listeners_histogram_countsOursByClass() {
    assertThat(ProcessResources.listeners(HISTOGRAM))
        .containsExactly(
            Map.entry("io.zookit.lock.QueueWatch$$Lambda$12", 10L),
            Map.entry("org.apache.curator.framework.listen.StandardListenerManager", 12L));
  }

  @Test
  void words_readBack_isTheSame() {
    ProcessResources census = new ProcessResources(12, Map.of("a.Listener", 3L, "b.Watch", 4L));
    assertThat(ProcessResources.parse(census.words())).isEqualTo(census);
  }

  @Test
  void take_inThisProcess_countsThreadsAndItself() throws Exception {
    assertThat(ProcessResources.take().threads()).isPositive();
  }

  @Test
  void grownSince_leaks_areNamed() {
    ProcessResources before = new ProcessResources(10, Map.of("a.Listener", 3L));
    ProcessResources after = new ProcessResources(35, Map.of("a.Listener", 28L, "b.Watch", 4L));
    assertThat(after.grownSince(before, 25))
        .containsOnly(Map.entry("a.Listener", 25L), Map.entry("threads", 25L));
    assertThat(after.grownSince(before, 26)).isEmpty();
  }

  @Test
  void watchCount_answerOfAServer_isRead() {
    assertThat(WatchCount.parse("zk_version\t3.9\nzk_watch_count\t42\n")).isEqualTo(42);
    assertThatThrownBy(() -> WatchCount.parse("nothing")).hasMessageContaining("zk_watch_count");
  }
}
