package io.zookit.samples.shop.orders;

/** The store refused this owner of a lock: there is a newer one. Nothing was sold. */
final class LeaseLostException extends RuntimeException {

  LeaseLostException(String message) {
    super(message);
  }
}
