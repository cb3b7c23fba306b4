package io.zookit.testkit;

import java.util.concurrent.CountDownLatch;

/** A child for tests that runs a server process and says its port. */
final class ServerParent {

  private ServerParent() {}

  public static void main(String[] args) throws Exception {
    ChildJvm.exitWithParent();
    ZkProcesses server = ZkProcesses.start(1);
    System.out.println("port " + server.connectString().substring("127.0.0.1:".length()));
    new CountDownLatch(1).await();
  }
}
