package io.zookit.benchmarks.measure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run in which something failed, so that it measures nothing. */
public final class VoidRunException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private static final Logger log = LoggerFactory.getLogger(VoidRunException.class);

  public VoidRunException(String reason) {
    super(reason);
  }

  /** Ends a child JVM in which something failed, so that its figures do not count. */
  public static void endProcess(Throwable reason) {
    log.error("this run is void", reason);
    Runtime.getRuntime().halt(3);
  }
}
