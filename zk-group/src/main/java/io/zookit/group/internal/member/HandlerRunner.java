package io.zookit.group.internal.member;

import io.zookit.group.Partition;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Runs handlers, and the rules of plans. */
public interface HandlerRunner {

  /** A handler that was started. */
  interface RunningHandler {

    /** Interrupts its thread. */
    void interrupt();
  }

  /**
   * Calls a handler in a thread of its own.
   *
   * @param returned receives, in that thread, what it threw
   */
  RunningHandler start(Partition partition, Consumer<Optional<Throwable>> returned);

  /** Runs tasks of the library, never in the caller's thread. */
  Executor executor();
}
