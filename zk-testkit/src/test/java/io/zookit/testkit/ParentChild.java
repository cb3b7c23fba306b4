package io.zookit.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A child for tests that has two children of its own, the second of them frozen, and says their ids. */
final class ParentChild {

  private ParentChild() {}

  public static void main(String[] args) throws Exception {
    ChildJvm.exitWithParent();
    ChildJvm running = ChildJvm.of(EchoChild.class).start();
    ChildJvm frozen = ChildJvm.of(EchoChild.class).start();
    running.awaitLine("ready"::equals, Duration.ofSeconds(30));
    frozen.awaitLine("ready"::equals, Duration.ofSeconds(30));
    frozen.pause();
    System.out.println("children " + running.pid() + " " + frozen.pid());
    if (args.length > 0 && args[0].equals("exit")) {
      System.exit(0);
    }
    new CountDownLatch(1).await();
  }
}
