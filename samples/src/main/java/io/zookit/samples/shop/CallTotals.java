package io.zookit.samples.shop;

/**
 * Calls of the order services to the inventory services.
 *
 * @param calls requests that were sent
 * @param failed those of them that were not answered
 * @param toNewVersion those of them that were sent to an instance of {@link ProcessFleet#NEW_VERSION}
 */
public record CallTotals(long calls, long failed, long toNewVersion) {

  /** Returns what was added since earlier totals. */
  public CallTotals minus(CallTotals earlier) {
    return new CallTotals(
        calls - earlier.calls, failed - earlier.failed, toNewVersion - earlier.toNewVersion);
  }

  CallTotals plus(CallTotals other) {
    return new CallTotals(
        calls + other.calls, failed + other.failed, toNewVersion + other.toNewVersion);
  }
}
