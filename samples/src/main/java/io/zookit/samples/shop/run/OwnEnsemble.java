package io.zookit.samples.shop.run;

import io.zookit.testkit.ZkProcesses;
import java.nio.file.Path;

/** Three servers of our own, each a process. */
final class OwnEnsemble implements Ensemble {

  private final ZkProcesses servers;

  private OwnEnsemble(ZkProcesses servers) {
    this.servers = servers;
  }

  static OwnEnsemble start(Path logs) {
    return new OwnEnsemble(ZkProcesses.servers(3).logs(logs).start());
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
  public void close() {
    servers.close();
  }
}
