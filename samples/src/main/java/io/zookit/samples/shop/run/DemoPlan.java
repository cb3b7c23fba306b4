package io.zookit.samples.shop.run;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Size of the demo and durations of its scenes.
 *
 * @param articles number of articles in the shop
 * @param pieces number of pieces of each article
 * @param calm how long the shop sells undisturbed before each fault
 * @param overtakers least number of pieces that others sell before a stopped owner continues
 * @param editions number of editions of the settings that are published before one is tried
 * @param trial how long an edition or a version is tried by some, and then by all; also how long there is no
 *     majority of servers
 * @param limit the latest time by which the demo has to be over
 */
record DemoPlan(
    int articles,
    int pieces,
    Duration calm,
    int overtakers,
    int editions,
    Duration trial,
    Duration limit) {

  /** Returns the plan of {@code zookit demo}. */
  static DemoPlan full() {
    return new DemoPlan(
        4, 600, Duration.ofSeconds(5), 5, 20, Duration.ofSeconds(2), Duration.ofSeconds(240));
  }

  /** Returns the articles. */
  List<String> skus() {
    return IntStream.rangeClosed(1, articles)
        .mapToObj(number -> "sku-" + number)
        .toList();
  }

  /** Returns the number of pieces of all articles. */
  int allPieces() {
    return articles * pieces;
  }
}
