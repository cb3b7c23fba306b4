package io.zookit.samples.shop.orders;

/** Thrown if the store refuses the owner of a lock because a newer one exists; nothing was sold. */
final class LeaseLostException extends RuntimeException {

  LeaseLostException(String message) {
    super(message);
  }
}
