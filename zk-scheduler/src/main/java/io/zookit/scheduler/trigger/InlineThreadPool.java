package io.zookit.scheduler.trigger;

import org.quartz.simpl.ZeroSizeThreadPool;

/**
 * Runs Quartz jobs on the scheduler's own thread: ours only enqueue, and Quartz takes as many triggers at once as there
 * are free threads. It extends a public class because Quartz sets its names by reflection.
 */
final class InlineThreadPool extends ZeroSizeThreadPool {

  static final int BATCH = 1000;

  @Override
  public boolean runInThread(Runnable task) {
    task.run();
    return true;
  }

  @Override
  public int blockForAvailableThreads() {
    return BATCH;
  }

  @Override
  public int getPoolSize() {
    return BATCH;
  }
}
