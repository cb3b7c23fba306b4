package io.zookit.chaos.experiment;

import io.zookit.testkit.ChildJvm;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Work of a child JVM of an experiment, until its parent stops it or has gone. */
public final class ChildWork {

  private final CountDownLatch over = new CountDownLatch(1);

  private ChildWork() {}

  /** Something to be done again and again. */
  public interface Step {
    void take() throws Exception;
  }

  /** Begins, and ignores all input from the parent except the request to stop. */
  public static ChildWork begin() {
    return begin(line -> {});
  }

  /** Begins, and hands on what else the parent says. */
  public static ChildWork begin(Consumer<String> order) {
    ChildWork work = new ChildWork();
    ChildJvm.exitWithParent(line -> {
      if (line.equals(ClientProcess.STOP)) {
        work.over.countDown();
      } else {
        order.accept(line);
      }
    });
    return work;
  }

  public boolean isOn() {
    return over.getCount() > 0;
  }

  public void awaitEnd() throws InterruptedException {
    over.await();
  }

  /** Runs a loop in a daemon thread, in parallel to the main thread, for as long as the process lives. */
  public void daemon(String name, Step loop) {
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
  public static void end() {
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
