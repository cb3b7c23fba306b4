package io.zookit.admin;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Ends a command that the user interrupts: interrupts its thread, allows it up to 3 seconds to close its connection, and
 * ends the process with the exit code for it. Without the hook the JVM would exit with the number of the signal and leave
 * a session behind.
 */
final class CancelHook {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Thread command;
  private final int code;
  private final CountDownLatch ended = new CountDownLatch(1);

  private CancelHook(Thread command, int code) {
    this.command = command;
    this.code = code;
  }

  static CancelHook install(Thread command, int code) {
    CancelHook hook = new CancelHook(command, code);
    Runtime.getRuntime().addShutdownHook(new Thread(hook::run, "zookit-cancel"));
    return hook;
  }

  /** The command has ended by itself; its own exit code counts. */
  void done() {
    ended.countDown();
  }

  private void run() {
    if (ended.getCount() == 0) {
      return;
    }
    command.interrupt();
    Subscription limit = Timekeeper.system().after(PATIENCE, ended::countDown);
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    limit.close();
    Runtime.getRuntime().halt(code);
  }
}
