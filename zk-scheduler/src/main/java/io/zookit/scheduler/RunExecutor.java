package io.zookit.scheduler;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the code of jobs runs: threads, or the virtual time of a simulation. */
interface RunExecutor {

  /** Code of a job. */
  interface Code {
    void run() throws Exception;
  }

  /**
   * Runs code for a run.
   *
   * @param ended told once, on any thread, with what was thrown or null
   */
  void start(LiveRun run, Code code, Consumer<@Nullable Throwable> ended);

  /** Interrupts the code of a run, if it is on. */
  void interrupt(LiveRun run);

  /** Ends what does not run any more. */
  void close();
}
