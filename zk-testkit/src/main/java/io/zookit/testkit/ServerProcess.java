package io.zookit.testkit;

import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** The main class of a server process: ZooKeeper's own, which ends with its parent. */
final class ServerProcess {

  private ServerProcess() {}

  public static void main(String[] args) {
    ChildJvm.exitWithParent();
    QuorumPeerMain.main(args);
  }
}
