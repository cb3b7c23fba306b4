package io.zookit.benchmarks.measure;

import java.util.List;

/**
 * Something to be done by Zookit and by a peer, and the rows it gives.
 *
 * @param name of the scenario in a child's arguments
 * @param size clients, threads or waiters
 * @param servers 1 or 3
 * @param counted whether it runs through a proxy that counts bytes, and not against time
 */
public record Scenario(String name, int size, int servers, boolean counted, List<Measured> rows) {

  /** Returns a key that distinguishes it from other scenarios that run the same program. */
  public String key() {
    return name + size + "/" + servers + (counted ? "/counted" : "");
  }
}
