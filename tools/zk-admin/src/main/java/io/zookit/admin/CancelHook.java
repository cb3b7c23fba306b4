package io.zookit.admin;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Ends a command that the user interrupts: the command is told, may close its connection for a moment, and the process
 * ends with the code for it. Without this the JVM would end with the number of the signal and leave a session behind.
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
