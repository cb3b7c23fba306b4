package io.zookit.testkit;

import java.util.Map;

/**
 * One {@link ZkCluster} for all tests of a class, started when it is first asked for; servers that a test has stopped
 * run again before the next one.
 */
public final class ZkClusterExtension extends PerClassExtension<ZkCluster> {

  private final Map<String, String> zooCfg;

  /** Three servers with the defaults. */
  public ZkClusterExtension() {
    this(Map.of());
  }

  /** Three servers with settings of their own, see {@link ZkCluster#start(Map)}. */
  public ZkClusterExtension(Map<String, String> zooCfg) {
    super(ZkCluster.class);
    this.zooCfg = Map.copyOf(zooCfg);
  }

  /** The servers; starts them at the first call. */
  public ZkCluster cluster() {
    return shared();
  }

  /** Returns the connect string of all servers. */
  public String connectString() {
    return cluster().connectString();
  }

  @Override
  ZkCluster open() {
    return ZkCluster.start(zooCfg);
  }

  @Override
  void heal(ZkCluster cluster) {
    cluster.heal();
  }
}
