package io.zookit.samples.shop.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Draws a {@link Scene} as lines of at most 79 columns. */
final class Picture {

  static final int WIDTH = 79;

  private static final int BAR = 30;

  private Picture() {}

  static List<String> of(Scene scene) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(cut(String.format(
        Locale.ROOT,
        "  %02d:%02d  %d orders, %.0f a second, %d failed or unknown",
        scene.at().toMinutes(),
        scene.at().toSecondsPart(),
        scene.acknowledged(),
        scene.perSecond(),
        scene.failed())));
    scene.shelves().forEach(shelf -> lines.add(cut("         " + draw(shelf))));
    lines.add(cut("         " + draw(scene.conditions())));
    return List.copyOf(lines);
  }

  private static String draw(Shelf shelf) {
    int full =
        Math.max(0, Math.min(BAR, (shelf.left() * BAR + shelf.pieces() - 1) / shelf.pieces()));
    String state = shelf.left() > 0 ? shelf.left() + " left" : "sold out";
    String wrong = shelf.lost() > 0 ? ", " + shelf.lost() + " updates lost" : "";
    return shelf.sku() + "  " + "█".repeat(full) + "░".repeat(BAR - full) + "  " + state + wrong;
  }

  private static String draw(Map<String, String> conditions) {
    return conditions.entrySet().stream()
        .map(
            each -> each.getKey() + (each.getValue().equals(Stage.UP) ? "" : " " + each.getValue()))
        .collect(Collectors.joining(" · "));
  }

  private static String cut(String line) {
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…";
  }
}
