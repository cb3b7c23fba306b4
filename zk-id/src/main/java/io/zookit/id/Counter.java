package io.zookit.id;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.AsyncResult;
import io.zookit.id.internal.counter.CounterEngine;
import io.zookit.id.internal.counter.SharedCounter;
import io.zookit.id.internal.record.IdCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A count to which all processes add, without conflicts: hits, orders, bytes.
 *
 * <pre>{@code
 * Counter hits = Counter.named("hits", zk);
 * hits.increment();
 * long sum = hits.sum();
 * }</pre>
 *
 * <p>What was added is counted once, also if the answer of ZooKeeper was lost: each process adds to a node of its own, and
 * finds out there what became of its write. A name creates itself.
 *
 * <p>It hands out no numbers: two processes may read the same sum. {@link Sequence} does that.
 *
 * <p><i>Order:</i> {@link #sum} includes all that was counted before the call, in any process, and never goes back within a
 * process.
 *
 * <p><i>Failure:</i> {@link IdUnavailableException} without an answer within the limit: the amount may have been counted, or
 * is counted when there is a connection again, at most once. A process that ends before that leaves it open.
 *
 * <p><i>Threads:</i> any. Handles of one client and name share the node.
 *
 * <p><i>Cost:</i> one transaction for all additions of a process that wait at the same time; two round trips more for the
 * first one of a session. A sum: 4 round trips, and one request for each 128 members. Stored: a znode for each session that
 * added, which is folded into a total after the session, and deleted a week later.
 */
public final class Counter {

  private final SharedCounter counter;
  private final IdCalls calls;

  private Counter(SharedCounter counter, IdCalls calls) {
    this.counter = counter;
    this.calls = calls;
  }

  /**
   * The counter of a name. Nothing is sent.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, shared with no ids and no values
   */
  public static Counter named(String name, ZkClient client) {
    CoreClient core = CoreClient.of(client);
    return new Counter(
        CounterEngine.in(core).counter(name), new IdCalls(core, IdCalls.STANDARD_LIMIT));
  }

  /**
   * A handle with another limit for calls that block; 10 s unless set.
   *
   * @param limit more than zero
   */
  public Counter timeout(Duration limit) {
    return new Counter(counter, new IdCalls(counter.client(), limit));
  }

  /** Adds one; fails as {@link #add} does. */
  public void increment() throws InterruptedException {
    add(1);
  }

  /**
   * Adds an amount.
   *
   * @param amount 1 or more
   * @throws IdUnavailableException if there was no answer within the limit; the amount may have been counted, or is later
   * @throws IdMismatchException if the name is one of another kind
   * @throws IdBlockedException if an operator has to raise the name first
   * @throws io.zookit.core.IncarnationException if the data in ZooKeeper are suspected to be restored or wiped
   */
  public void add(long amount) throws InterruptedException {
    requireAmount(amount);
    calls.call(
        counter.toString(),
        "the amount may have been counted, or is counted later",
        () -> counter.add(amount));
  }

  /** Adds an amount without blocking; fails as {@link #add} does, and at once while not connected. */
  public CompletableFuture<Void> addAsync(long amount) {
    requireAmount(amount);
    return AsyncResult.of(counter.add(amount), counter.client().executor());
  }

  private static void requireAmount(long amount) {
    if (amount < 1) {
      throw new IllegalArgumentException("amount: " + amount + " (expected: 1 or more)");
    }
  }

  /**
   * Returns the sum of all processes.
   *
   * @throws IdUnavailableException if there was no answer within the limit
   * @throws IdMismatchException if the name is one of another kind
   * @throws IdBlockedException if an operator has to raise the name first
   * @throws io.zookit.core.IncarnationException if the data in ZooKeeper are suspected to be restored or wiped
   */
  public long sum() throws InterruptedException {
    return calls.call(counter.toString(), "nothing was changed", counter::sum);
  }

  @Override
  public String toString() {
    return counter.toString();
  }
}
