package io.zookit.samples.shop.orders;

/** Thrown if no piece of an article is left. */
final class SoldOutException extends RuntimeException {

  SoldOutException(String sku) {
    super(sku + " is sold out");
  }
}
