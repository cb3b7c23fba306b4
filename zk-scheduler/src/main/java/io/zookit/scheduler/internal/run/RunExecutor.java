package io.zookit.scheduler.internal.run;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Executes the code of jobs: on threads, or in the virtual time of a simulation. */
public interface RunExecutor {

  /** Code of a job. */
  interface Code {
    void run() throws Exception;
  }

  /**
   * Runs code for a run.
   *
   * @param ended called once, on any thread, with the exception that was thrown or null
   */
  void start(LiveRun run, Code code, Consumer<@Nullable Throwable> ended);

  /** Interrupts the code of a run, if it is on. */
  void interrupt(LiveRun run);

  /** Ends what does not run any more. */
  void close();
}
