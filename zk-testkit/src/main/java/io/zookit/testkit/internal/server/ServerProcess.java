package io.zookit.testkit.internal.server;

import io.zookit.testkit.ChildJvm;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** The main class of a server process: ZooKeeper's own, which ends with its parent. */
public final class ServerProcess {

  private ServerProcess() {}

  public static void main(String[] args) {
    ChildJvm.exitWithParent();
    QuorumPeerMain.main(args);
  }
}
