package io.zookit.testkit;

import java.lang.Thread.UncaughtExceptionHandler;

/** A child for tests in which no server class has been loaded before: does the handler survive a server? */
final class HandlerChild {

  private HandlerChild() {}

  public static void main(String[] args) {
    ChildJvm.exitWithParent();
    UncaughtExceptionHandler mine = (thread, e) -> {};
    Thread.setDefaultUncaughtExceptionHandler(mine);
    try (ZkServer server = ZkServer.start()) {
      System.out.println(server.isRunning()
          + (Thread.getDefaultUncaughtExceptionHandler() == mine ? " kept" : " replaced"));
    }
    Thread.setDefaultUncaughtExceptionHandler(mine);
    try (ZkCluster cluster = ZkCluster.start()) {
      System.out.println(cluster.isRunning(0)
          + (Thread.getDefaultUncaughtExceptionHandler() == mine ? " kept" : " replaced"));
    }
    System.exit(0);
  }
}
