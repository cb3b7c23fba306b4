package io.zookit.samples.shop.orders;

/** Nothing is left of an article. */
final class SoldOutException extends RuntimeException {

  SoldOutException(String sku) {
    super(sku + " is sold out");
  }
}
