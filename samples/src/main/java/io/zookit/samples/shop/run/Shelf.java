package io.zookit.samples.shop.run;

/**
 * The end of the story of one article, as the database tells it.
 *
 * @param pieces how many there were at the start
 * @param left how many are left
 * @param orders how many orders are recorded, each for one piece
 */
record Shelf(String sku, int pieces, int left, int orders) {

  /** Orders for pieces that never were. */
  int oversold() {
    return Math.max(0, orders - pieces);
  }

  /**
   * Orders whose piece is still in stock because another writer overwrote their update. Each order deducts one piece
   * in the transaction that records it, so every missing deduction is a lost order.
   */
  int lost() {
    return Math.abs(pieces - orders - left);
  }
}
