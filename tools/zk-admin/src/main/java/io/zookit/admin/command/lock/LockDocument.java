package io.zookit.admin.command.lock;

import io.zookit.lock.inspect.LockReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A lock as programs see it.
 *
 * @param name of the lock
 * @param queue the requests in order
 * @param permits of a semaphore or of numbered leases, else null
 * @param sequencesLeft how many more requests the queue takes
 */
record LockDocument(
    String name, List<Request> queue, @Nullable Permits permits, long sequencesLeft) {

  /**
   * A request.
   *
   * @param node the name of its node, which no other request ever has
   * @param role holder, waiter, or unclear
   * @param mode exclusive, shared, permits, numbered, or unknown
   * @param permits the number of permits it requests; 1 if the lock is not a semaphore
   * @param number of the numbered lease that it holds, else null
   * @param owner the name of its process; null, like the next two, if its node cannot be read
   * @param pid of the process
   * @param party within the process, if there is one
   * @param since the time at which it was created
   * @param token of its grant
   * @param revoke the reason for which the lock was revoked; null if it was not
   */
  record Request(
      String node,
      String role,
      String mode,
      int permits,
      @Nullable Integer number,
      @Nullable String owner,
      @Nullable Long pid,
      @Nullable String party,
      Instant since,
      String token,
      @Nullable String revoke) {

    static Request of(LockReport.Entry entry) {
      LockReport.Owner owner = entry.owner().orElse(null);
      return new Request(
          entry.node(),
          entry.role().name().toLowerCase(Locale.ROOT),
          entry.mode().name().toLowerCase(Locale.ROOT),
          entry.permits(),
          entry.number().isPresent() ? entry.number().getAsInt() : null,
          owner == null ? null : owner.label(),
          owner == null ? null : owner.pid(),
          owner == null ? null : owner.party().orElse(null),
          entry.since(),
          entry.token().toString(),
          entry.revoke().orElse(null));
    }

    boolean isHolder() {
      return role.equals("holder");
    }

    boolean isWaiter() {
      return role.equals("waiter");
    }

    /** Returns the owner and the party, or {@code unknown}. */
    String who() {
      return owner == null ? "unknown" : owner + (party == null ? "" : " " + party);
    }
  }

  /**
   * The permits of a semaphore, or the numbers of numbered leases.
   *
   * @param maximum as it is set now
   * @param inUse those of all holders
   * @param unclear those of requests that either hold or wait: ZooKeeper does not reveal which
   * @param overCommit the number by which the permits that are certainly in use exceed the maximum
   */
  record Permits(int maximum, long inUse, long unclear, long overCommit) {}

  static LockDocument of(LockReport report) {
    return new LockDocument(
        report.name(),
        report.entries().stream().map(Request::of).toList(),
        report
            .permits()
            .map(permits -> new Permits(
                permits.maximum(), permits.inUse(), permits.unclear(), permits.overCommit()))
            .orElse(null),
        report.sequencesLeft());
  }

  List<Request> holders() {
    return queue.stream().filter(Request::isHolder).toList();
  }

  long waiting() {
    return queue.stream().filter(Request::isWaiter).count();
  }

  /** Returns the first holder and the number of further ones, in a few words. */
  String heldBy() {
    List<Request> holders = holders();
    if (holders.isEmpty()) {
      return "nobody";
    }
    return holders.get(0).who()
        + (holders.size() > 1 ? " and " + (holders.size() - 1) + " more" : "");
  }
}
