package io.zookit.views;

import io.zookit.lock.inspect.LockReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A lock.
 *
 * @param queue the requests in order
 * @param permits of a semaphore or of numbered leases; null for other locks
 * @param sequencesLeft how many more requests the queue takes
 */
public record LockShape(
    String name, List<RequestShape> queue, @Nullable PermitShape permits, long sequencesLeft) {

  /**
   * A request.
   *
   * @param number of the numbered lease that it holds; null for none
   * @param owner the name of its process; null, like the next two, if it cannot be read
   * @param revoke the reason for which it was asked to release; null if it was not
   */
  public record RequestShape(
      String node,
      LockReport.Role role,
      LockReport.Mode mode,
      int permits,
      OptionalInt number,
      Optional<String> owner,
      Optional<Long> pid,
      Optional<String> party,
      Instant since,
      String token,
      Optional<String> revoke) {

    static RequestShape of(LockReport.Entry entry) {
      return new RequestShape(
          entry.node(),
          entry.role(),
          entry.mode(),
          entry.permits(),
          entry.number(),
          entry.owner().map(LockReport.Owner::label),
          entry.owner().map(LockReport.Owner::pid),
          entry.owner().flatMap(LockReport.Owner::party),
          entry.since(),
          entry.token().toString(),
          entry.revoke());
    }
  }

  /**
   * PermitShape of a semaphore, or numbers of numbered leases.
   *
   * @param inUse those of all holders
   * @param unclear those of requests that either hold or wait
   * @param overCommit the number by which the permits that are certainly in use exceed the maximum
   */
  public record PermitShape(int maximum, long inUse, long unclear, long overCommit) {}

  /**
   * Requests that were revoked or broken.
   *
   * @param done what was done to them
   */
  public record LockChange(String name, String done, List<RequestShape> requests) {

    /** The shape of a change. */
    public static LockChange of(String name, String done, List<LockReport.Entry> entries) {
      return new LockChange(name, done, entries.stream().map(RequestShape::of).toList());
    }
  }

  /** The shape of a report. */
  public static LockShape of(LockReport report) {
    return new LockShape(
        report.name(),
        report.entries().stream().map(RequestShape::of).toList(),
        report
            .permits()
            .map(permits -> new PermitShape(
                permits.maximum(), permits.inUse(), permits.unclear(), permits.overCommit()))
            .orElse(null),
        report.sequencesLeft());
  }
}
