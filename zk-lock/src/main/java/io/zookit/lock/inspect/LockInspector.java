package io.zookit.lock.inspect;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.BlockingCalls.Effect;
import io.zookit.lock.Lease;
import io.zookit.lock.internal.request.LockEngine;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Inspects locks from outside: reads holders and waiters, revokes a lock, or breaks it.
 *
 * <p>Cheap and not closeable; it is in no queue. Immutable.
 *
 * <p><i>Failure:</i> {@link ZkUnavailableException} if ZooKeeper cannot be reached or does not answer in time (15 s
 * unless set). The text says whether a change may have happened: its outcome is unknown without an answer.
 *
 * <p><i>Cost:</i> a report is 3 requests and 1 for each request in the queue, in 2 round trips.
 */
public final class LockInspector {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int MOST_REASON = 256;

  private final LockAdmin inspection;
  private final Duration patience;

  private LockInspector(LockAdmin inspection, Duration patience) {
    this.inspection = inspection;
    this.patience = patience;
  }

  /** The inspector of a client. */
  public static LockInspector in(ZkClient client) {
    return new LockInspector(new LockAdmin(LockEngine.in(CoreClient.of(client))), PATIENCE);
  }

  /** Returns a copy with another limit of the wait for an answer. */
  public LockInspector withPatience(Duration limit) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: zero or more)");
    }
    return new LockInspector(inspection, limit);
  }

  /**
   * Lists the names of the locks that have holders or waiters, in order.
   *
   * <p><i>Cost:</i> 1 request for each folder, also for empty ones.
   */
  public List<String> list() throws InterruptedException {
    return BlockingCalls.await(listAsync(), patience, "listing the locks", Effect.NONE);
  }

  /** Like {@link #list}. The future completes on the client's executor. */
  public CompletableFuture<List<String>> listAsync() {
    return inspection.list();
  }

  /**
   * Reads the queue of a lock.
   *
   * @throws LockNotFoundException if it has neither holders nor waiters, and is not a semaphore that was ever used
   */
  public LockReport show(String name) throws InterruptedException {
    return BlockingCalls.await(showAsync(name), patience, "looking at lock " + name, Effect.NONE);
  }

  /** Like {@link #show}. The future completes on the client's executor. */
  public CompletableFuture<LockReport> showAsync(String name) {
    return inspection.show(name);
  }

  /** The queues of several locks, in the order of the names; those that {@link #show} would not find are left out. */
  public List<LockReport> showAll(Collection<String> names) throws InterruptedException {
    return BlockingCalls.await(
        showAllAsync(names), patience, "looking at " + names.size() + " locks", Effect.NONE);
  }

  /** Like {@link #showAll}. The future completes on the client's executor. */
  public CompletableFuture<List<LockReport>> showAllAsync(Collection<String> names) {
    return inspection.showAll(names);
  }

  /**
   * Follows the queue of a lock, whether anybody is in it or not. Returns at once.
   *
   * <p><i>Cost:</i> 1 watch for the queue and 1 for each request in it; 1 request for each change. While the lock was never
   * asked for, 1 request a second.
   */
  public LiveValue<LockReport> watch(String name) {
    return inspection.watch(name);
  }

  /**
   * Asks the holders of a lock to release it: their {@link Lease#onRevoked} listeners receive the reason. A holder that
   * does not listen keeps the lock. One that was granted the lock just now may miss it, so it can be repeated.
   *
   * @param reason 1 to 256 printable characters
   * @return the holders that were asked; none if all have left meanwhile
   * @throws LockNotFoundException if it has no holder
   */
  public List<LockReport.Entry> revoke(String name, String reason) throws InterruptedException {
    return BlockingCalls.await(
        revokeAsync(name, reason), patience, "asking for lock " + name, Effect.UNKNOWN);
  }

  /** Like {@link #revoke(String, String)}. The future completes on the client's executor. */
  public CompletableFuture<List<LockReport.Entry>> revokeAsync(String name, String reason) {
    return inspection.revoke(name, requireReason(reason));
  }

  /**
   * Asks for a lock as it was seen: asks the holders of the report and no others, however long ago it was made. A report
   * with some of its entries left out asks only for those.
   *
   * @param reason 1 to 256 printable characters
   * @return the holders that were asked; empty if all of them have left by themselves since
   * @throws LockNotFoundException if the report has no holder
   */
  public List<LockReport.Entry> revoke(LockReport seen, String reason) throws InterruptedException {
    return BlockingCalls.await(
        revokeAsync(seen, reason), patience, "asking for lock " + seen.name(), Effect.UNKNOWN);
  }

  /** Like {@link #revoke(LockReport, String)}. The future completes on the client's executor. */
  public CompletableFuture<List<LockReport.Entry>> revokeAsync(LockReport seen, String reason) {
    return inspection.revoke(seen, requireReason(reason));
  }

  private static String requireReason(String reason) {
    if (reason.isBlank()
        || reason.length() > MOST_REASON
        || reason.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("reason: " + reason.length()
          + " characters (expected: 1 to " + MOST_REASON + " printable ones)");
    }
    return reason;
  }

  /**
   * Breaks a lock: removes its present holders, which are notified by {@link Lease#onLost} as soon as possible. <b>They
   * may go on for a while</b>; only a resource that checks their tokens is safe from them.
   *
   * @return the holders that were removed; none if all have left meanwhile
   * @throws LockNotFoundException if it has no holder
   */
  public List<LockReport.Entry> breakLock(String name) throws InterruptedException {
    return BlockingCalls.await(
        breakLockAsync(name), patience, "breaking lock " + name, Effect.UNKNOWN);
  }

  /** Like {@link #breakLock(String)}. The future completes on the client's executor. */
  public CompletableFuture<List<LockReport.Entry>> breakLockAsync(String name) {
    return inspection.breakLock(name);
  }

  /**
   * Breaks a lock as it was seen: removes the holders of the report and no others, however old it is. A report without
   * some of its entries removes only the remaining ones.
   *
   * @return the holders that were removed; none if all have left since
   * @throws LockNotFoundException if the report has no holder
   */
  public List<LockReport.Entry> breakLock(LockReport seen) throws InterruptedException {
    return BlockingCalls.await(
        breakLockAsync(seen), patience, "breaking lock " + seen.name(), Effect.UNKNOWN);
  }

  /** Like {@link #breakLock(LockReport)}. The future completes on the client's executor. */
  public CompletableFuture<List<LockReport.Entry>> breakLockAsync(LockReport seen) {
    return inspection.breakLock(seen);
  }
}
