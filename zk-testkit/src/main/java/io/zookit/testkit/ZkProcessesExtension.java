package io.zookit.testkit;

/**
 * {@link ZkProcesses} for all tests of a class, started when they are first asked for; what a test has killed or frozen
 * is brought back before the next one.
 */
public final class ZkProcessesExtension extends PerClassExtension<ZkProcesses> {

  private final ZkProcessesBuilder settings;

  /** Three servers. */
  public ZkProcessesExtension() {
    this(ZkProcesses.servers(3));
  }

  /** Servers with settings of their own. */
  public ZkProcessesExtension(ZkProcessesBuilder settings) {
    super(ZkProcesses.class);
    this.settings = settings;
  }

  /** The servers; starts them at the first call. */
  public ZkProcesses servers() {
    return shared();
  }

  /** Returns the connect string of all servers. */
  public String connectString() {
    return servers().connectString();
  }

  @Override
  ZkProcesses open() {
    return settings.start();
  }

  @Override
  void heal(ZkProcesses servers) {
    servers.heal();
  }
}
