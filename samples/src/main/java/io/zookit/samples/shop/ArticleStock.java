package io.zookit.samples.shop;

/**
 * Stock and orders of one article in the database.
 *
 * @param pieces how many there were at the start
 * @param left how many are left
 * @param orders how many orders are recorded, each for one piece
 */
public record ArticleStock(String sku, int pieces, int left, int orders) {

  /** Returns the number of orders for pieces that never existed. */
  public int oversold() {
    return Math.max(0, orders - pieces);
  }

  /**
   * Returns the number of orders whose piece is still in stock because another writer overwrote their update. Each order deducts one piece
   * in the transaction that records it, so every missing deduction is a lost order.
   */
  public int lost() {
    return Math.abs(pieces - orders - left);
  }
}
