package io.zookit.samples.shop.run;

import io.zookit.testkit.ZkProcesses;
import java.nio.file.Path;
import java.util.Optional;

/** Three ZooKeeper servers that the demo starts, each a process. */
final class LocalEnsemble implements Ensemble {

  private final ZkProcesses servers;

  private LocalEnsemble(ZkProcesses servers) {
    this.servers = servers;
  }

  static LocalEnsemble start(Path logs) {
    return new LocalEnsemble(ZkProcesses.servers(3).logs(logs).start());
  }

  @Override
  public String connectString() {
    return servers.connectString();
  }

  @Override
  public String root() {
    return "/zookit";
  }

  @Override
  public Optional<ZkProcesses> servers() {
    return Optional.of(servers);
  }

  @Override
  public void close() {
    servers.close();
  }
}
