package io.zookit.samples;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How large the demo is and how long its scenes last.
 *
 * @param articles how many articles the shop has
 * @param pieces how many pieces there are of each
 * @param calm how long the shop sells in peace before each blow
 * @param overtakers how many pieces others sell at least before a stopped owner goes on
 * @param limit when the demo has to be over
 */
record DemoPlan(int articles, int pieces, Duration calm, int overtakers, Duration limit) {

  /** What {@code zookit demo} shows. */
  static DemoPlan full() {
    return new DemoPlan(4, 600, Duration.ofSeconds(5), 5, Duration.ofSeconds(120));
  }

  /** The articles. */
  List<String> skus() {
    return IntStream.rangeClosed(1, articles)
        .mapToObj(number -> "sku-" + number)
        .toList();
  }

  /** All pieces of all articles. */
  int allPieces() {
    return articles * pieces;
  }
}
