package io.zookit.samples.orders;

/** Nothing is left of an article. */
final class SoldOutException extends RuntimeException {

  SoldOutException(String sku) {
    super(sku + " is sold out");
  }
}
