package io.zookit.samples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PictureTest {

  @Test
  void of_scene_showsTimeOrdersShelvesAndProcesses() {
    Map<String, String> conditions = new TreeMap<>(
        Map.of("inventory-1", Stage.KILLED, "orders-1", Stage.UP, "orders-2", Stage.STOPPED));
    Scene scene = new Scene(
        Duration.ofMillis(83_900),
        412,
        38.4,
        2,
        List.of(
            new Shelf("sku-1", 300, 150, 150),
            new Shelf("sku-2", 300, 1, 299),
            new Shelf("sku-3", 300, 0, 307)),
        conditions);

    assertThat(Picture.of(scene))
        .containsExactly(
            "",
            "  01:23  412 orders, 38 a second, 2 failed or unknown",
            "         sku-1  ███████████████░░░░░░░░░░░░░░░  150 left",
            "         sku-2  █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1 left",
            "         sku-3  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  sold out, 7 updates lost",
            "         inventory-1 killed · orders-1 · orders-2 stopped");
  }

  @Test
  void of_tooMuchForALine_isCutAt79Columns() {
    Map<String, String> many = new TreeMap<>();
    for (int i = 10; i < 30; i++) {
      many.put("service-" + i, Stage.UP);
    }

    List<String> lines = Picture.of(new Scene(Duration.ZERO, 0, 0, 0, List.of(), many));

    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(79));
    assertThat(lines.get(lines.size() - 1)).endsWith("…");
  }
}
