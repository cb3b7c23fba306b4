package io.zookit.admin.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DisplayTextTest {

  @Test
  void count_ofOne_isSingular() {
    assertThat(DisplayText.count(1, "live instance")).isEqualTo("1 live instance");
    assertThat(DisplayText.count(0, "live instance")).isEqualTo("0 live instances");
    assertThat(DisplayText.count(2, "release")).isEqualTo("2 releases");
  }

  @Test
  void map_ofLabels_hasNoBraces() {
    assertThat(DisplayText.map(new TreeMap<>(Map.of("zone", "a", "tier", "gold"))))
        .isEqualTo("tier=gold, zone=a");
    assertThat(DisplayText.map(Map.of())).isEmpty();
  }

  @Test
  void withSeconds_ofAWholeMinute_showsThem() {
    assertThat(DisplayText.withSeconds("2026-01-01T00:05")).isEqualTo("2026-01-01T00:05:00");
    assertThat(DisplayText.withSeconds("2026-01-01T00:05:30")).isEqualTo("2026-01-01T00:05:30");
  }

  @Test
  void table_ofALongValue_isCutAndSaysHowLongItIs() {
    String value = "x".repeat(1 << 20);
    List<String> lines = Table.of(List.of(Column.<String>of("VALUE", each -> each)), List.of(value))
        .render("", false);
    assertThat(lines.get(1)).isEqualTo("x".repeat(500) + "… (1048576 characters)");
    assertThat(DisplayText.cut("x".repeat(500))).hasSize(500);
  }
}
