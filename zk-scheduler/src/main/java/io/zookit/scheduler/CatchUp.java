package io.zookit.scheduler;

import io.zookit.core.internal.codec.Stored;
import java.time.Duration;

/**
 * Policy for slots that were not run in time, because no node was connected or all nodes were busy.
 *
 * @param policy which of them are run
 * @param window maximum age of a slot that is still run
 * @param most maximum number of slots that are run, for {@link Policy#RUN_ALL}
 */
public record CatchUp(Policy policy, Duration window, int most) {

  /** Which late slots are run. */
  public enum Policy {
    /** The newest one. */
    @Stored("RUN_LAST")
    RUN_LAST,
    /** The newest one, with an interval that begins where that of the last run ended. */
    @Stored("COALESCE")
    COALESCE,
    /** All, oldest first; slots that are due meanwhile wait behind them. */
    @Stored("RUN_ALL")
    RUN_ALL
  }

  private static final int MOST = 1000;
  private static final Duration LONGEST = Duration.ofDays(366);

  /** Creates a policy. */
  public CatchUp {
    if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("window: " + window + " (expected: 1 s to 366 days)");
    }
    if (most < 1 || most > MOST) {
      throw new IllegalArgumentException("most: " + most + " (expected: 1 to " + MOST + ")");
    }
  }

  /** Nothing older than a node needs to take over from another, 30 s, is run. */
  public static CatchUp skip() {
    return runLast(Duration.ofSeconds(30));
  }

  /** The newest slot is run when it is not older than the window. */
  public static CatchUp runLast(Duration window) {
    return new CatchUp(Policy.RUN_LAST, window, 1);
  }

  /** The newest slot is run for itself and all that were missed. */
  public static CatchUp coalesce(Duration window) {
    return new CatchUp(Policy.COALESCE, window, 1);
  }

  /** The newest {@code most} slots are run, oldest first. */
  public static CatchUp runAll(Duration window, int most) {
    return new CatchUp(Policy.RUN_ALL, window, most);
  }
}
