package io.zookit.samples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.shop.ArticleStock;
import io.zookit.samples.shop.ProcessFleet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DashboardTest {

  @Test
  void of_scene_showsTimeOrdersShelvesAndProcesses() {
    Map<String, String> conditions = new TreeMap<>(Map.of(
        "inventory-1",
        ProcessFleet.KILLED,
        "orders-1",
        ProcessFleet.UP,
        "orders-2",
        ProcessFleet.STOPPED));
    DashboardState scene = new DashboardState(
        Duration.ofMillis(83_900),
        412,
        38.4,
        2,
        List.of(
            new ArticleStock("sku-1", 300, 150, 150),
            new ArticleStock("sku-2", 300, 1, 299),
            new ArticleStock("sku-3", 300, 0, 307)),
        conditions);

    assertThat(Dashboard.of(scene))
        .containsExactly(
            "",
            "  01:23  412 orders, 38 a second, 2 failed or unknown",
            "         sku-1  ███████████████░░░░░░░░░░░░░░░  150 left",
            "         sku-2  █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1 left",
            "         sku-3  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  sold out, 7 updates lost",
            "         inventory 1 killed · orders 1, 2 stopped");
  }

  @Test
  void of_tooMuchForALine_isCutAt79Columns() {
    Map<String, String> many = new TreeMap<>();
    for (int i = 10; i < 30; i++) {
      many.put("service-" + i, ProcessFleet.UP);
    }

    List<String> lines = Dashboard.of(new DashboardState(Duration.ZERO, 0, 0, 0, List.of(), many));

    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(79));
    assertThat(lines.get(lines.size() - 1)).endsWith("…");
  }
}
