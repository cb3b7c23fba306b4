package io.zookit.testkit;

/** A child for tests that says where a shared server has its files, and ends. */
final class SharedServerChild {

  private SharedServerChild() {}

  public static void main(String[] args) {
    ChildJvm.exitWithParent();
    ZkServer server = SharedServers.ofThisJvm().take();
    System.out.println("folder " + server.dataDir());
    System.exit(0);
  }
}
