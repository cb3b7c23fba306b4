package io.zookit.benchmarks;

/** A run in which something failed, so that it measures nothing. */
final class VoidRunException extends RuntimeException {

  private static final long serialVersionUID = 1;

  VoidRunException(String reason) {
    super(reason);
  }
}
