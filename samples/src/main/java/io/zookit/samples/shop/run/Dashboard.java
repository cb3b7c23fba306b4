package io.zookit.samples.shop.run;

import io.zookit.samples.shop.ArticleStock;
import io.zookit.samples.shop.ProcessFleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    int full =
        Math.max(0, Math.min(BAR, (article.left() * BAR + article.pieces() - 1) / article.pieces()));
    String state = article.left() > 0 ? article.left() + " left" : "sold out";
    String wrong = article.lost() > 0 ? ", " + article.lost() + " updates lost" : "";
    return article.sku() + "  " + "█".repeat(full) + "░".repeat(BAR - full) + "  " + state + wrong;
  }

  private static String draw(Map<String, String> conditions) {
    return conditions.entrySet().stream()
        .map(
            each -> each.getKey() + (each.getValue().equals(ProcessFleet.UP) ? "" : " " + each.getValue()))
        .collect(Collectors.joining(" · "));
  }

  private static String cut(String line) {
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…";
  }
}
