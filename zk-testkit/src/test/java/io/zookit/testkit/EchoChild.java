package io.zookit.testkit;

import java.util.concurrent.CountDownLatch;

/** A child for tests: prints its arguments, repeats its input, and ends on request. */
final class EchoChild {

  private EchoChild() {}

  public static void main(String[] args) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ChildJvm.exitWithParent(line -> {
      if (line.equals("end")) {
        end.countDown();
      } else {
        System.out.println("told " + line);
      }
    });
    System.err.println("to the log only");
    System.out.println("args " + String.join(",", args));
    System.out.println("env " + System.getenv("ZOOKIT_TEST"));
    System.out.println("option " + System.getProperty("zookit.test"));
    System.out.println("directory " + System.getProperty("user.dir"));
    System.out.println("ready");
    end.await();
    System.exit(7);
  }
}
