package io.zookit.samples.shop.run;

import io.zookit.samples.shop.ArticleStock;
import io.zookit.samples.shop.ProcessFleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Draws a {@link DashboardState} as lines of at most 79 columns. */
final class Dashboard {

  static final int WIDTH = 79;

  private static final int BAR = 30;

  private Dashboard() {}

  static List<String> of(DashboardState scene) {
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
    scene.stock().forEach(article -> lines.add(cut("         " + draw(article))));
    lines.add(cut("         " + draw(scene.conditions())));
    return List.copyOf(lines);
  }

  private static String draw(ArticleStock article) {
    int full = Math.max(
        0, Math.min(BAR, (article.left() * BAR + article.pieces() - 1) / article.pieces()));
    String state = article.left() > 0 ? article.left() + " left" : "sold out";
    String wrong = article.lost() > 0 ? ", " + article.lost() + " updates lost" : "";
    return article.sku() + "  " + "█".repeat(full) + "░".repeat(BAR - full) + "  " + state + wrong;
  }

  /** Groups the processes by what they do: {@code inventory 1 killed, 2 · orders 1, 2}. */
  private static String draw(Map<String, String> conditions) {
    Map<String, List<String>> groups = new TreeMap<>();
    conditions.forEach((name, condition) -> {
      String[] parts = name.split("-", 2);
      String number = parts.length == 1 ? "" : parts[1];
      String state = condition.equals(ProcessFleet.UP) ? "" : condition;
      groups
          .computeIfAbsent(parts[0], group -> new ArrayList<>())
          .add((number + " " + state).strip());
    });
    return groups.entrySet().stream()
        .map(group -> (group.getKey() + " " + String.join(", ", group.getValue())).strip())
        .collect(Collectors.joining(" · "));
  }

  private static String cut(String line) {
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…";
  }
}
