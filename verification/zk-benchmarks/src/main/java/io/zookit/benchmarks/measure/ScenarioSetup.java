package io.zookit.benchmarks.measure;

import java.time.Duration;

/**
 * Measurement of a child JVM: one scenario by one implementation.
 *
 * @param scenario its name
 * @param size clients, threads, waiters or whatever the scenario counts
 * @param implementation {@value #ZOOKIT} or {@value #PEER}
 * @param address of the servers
 * @param warmUp how long it runs before anything is measured
 * @param measured how long it is measured
 */
public record ScenarioSetup(
    String scenario,
    int size,
    String implementation,
    String address,
    Duration warmUp,
    Duration measured) {

  public static final String ZOOKIT = "zookit";
  public static final String PEER = "peer";

  /** Returns whether Zookit is measured, not its peer. */
  public boolean isZookit() {
    return implementation.equals(ZOOKIT);
  }

  /** Returns the name of the scenario within its group. */
  public String nameAfter(String prefix) {
    return scenario.substring(prefix.length());
  }

  /** Returns the first server: a proxy that counts packets stands before one. */
  public String firstServer() {
    return firstServer(address);
  }

  /** Returns the first of several addresses separated by commas. */
  public static String firstServer(String addresses) {
    int comma = addresses.indexOf(',');
    return comma < 0 ? addresses : addresses.substring(0, comma);
  }
}
