package io.zookit.chaos;

import io.zookit.testkit.ChildJvm;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Work of a child JVM of an experiment, until its parent stops it or has gone. */
final class Duty {

  private final CountDownLatch over = new CountDownLatch(1);

  private Duty() {}

  /** Something to be done again and again. */
  interface Step {
    void take() throws Exception;
  }

  /** Begins, and ignores all input from the parent except the request to stop. */
  static Duty begin() {
    return begin(line -> {});
  }

  /** Begins, and hands on what else the parent says. */
  static Duty begin(Consumer<String> order) {
    Duty duty = new Duty();
    ChildJvm.exitWithParent(line -> {
      if (line.equals(Member.STOP)) {
        duty.over.countDown();
      } else {
        order.accept(line);
      }
    });
    return duty;
  }

  boolean isOn() {
    return over.getCount() > 0;
  }

  void awaitEnd() throws InterruptedException {
    over.await();
  }

  /** Runs a loop in a daemon thread, in parallel to the main thread, for as long as the process lives. */
  void daemon(String name, Step loop) {
    Thread thread = new Thread(
        () -> {
          try {
            loop.take();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (Exception e) {
            throw new IllegalStateException(name, e);
          }
        },
        name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends this JVM at once, whatever its other threads are at. */
  static void end() {
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
