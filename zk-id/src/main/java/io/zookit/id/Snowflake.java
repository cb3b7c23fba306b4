package io.zookit.id;

import io.zookit.core.ZkClient;
import io.zookit.id.internal.snowflake.SlotHandle;
import java.time.Duration;

/**
 * Ids of 63 bits that grow with the time, out of the process's own memory: a tick, the slot of the process, a number within
 * the tick.
 *
 * <pre>{@code
 * try (Snowflake ids = Snowflake.named("orders", zk).layout(IdLayout.of(41, 10, 12)).build()) {
 *   long id = ids.next();
 * }
 * }</pre>
 *
 * <p>No id is handed out twice, whatever becomes of processes, sessions and clocks: a process writes to ZooKeeper up to which
 * tick it hands out ids of its slot, and no other process ever gets these ticks. Clocks that are wrong, or set back, cost
 * availability or a part of the ticks, never uniqueness.
 *
 * <p>A name creates itself, with the layout of the first process; another layout is refused from then on.
 *
 * <p><i>Order:</i> ids increase within a process, over all threads and handles of one client. Between processes their order
 * follows the clocks, roughly.
 *
 * <p><i>Failure:</i> an outage of ZooKeeper is not noticed while ticks are left, up to a minute of them at full speed and longer at
 * less; then {@link IdUnavailableException}, as while all slots are in use.
 *
 * <p><i>Threads:</i> any. Handles of one client and name share the slot, which the last one that is closed gives back.
 *
 * <p><i>Cost:</i> no request for an id. 4 round trips for the first one, more for the first one of a name, which creates a
 * znode for each slot; then one write for a window, which is a second at first and doubles up to a minute, while ids are
 * requested.
 */
public final class Snowflake implements AutoCloseable {

  private final SlotHandle slot;
  private final IdLayout layout;
  private final Duration limit;

  Snowflake(SlotHandle slot, IdLayout layout, Duration limit) {
    this.slot = slot;
    this.layout = layout;
    this.limit = limit;
  }

  /**
   * Starts from a name.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}, shared with no other kind of ids
   */
  public static SnowflakeBuilder named(String name, ZkClient client) {
    return new SnowflakeBuilder(name, client);
  }

  /**
   * Returns an id. Blocks while there is no window, and for a tick if ids are requested faster than the layout allows.
   *
   * @throws IdUnavailableException if there was no answer within the limit, or all slots are in use
   * @throws IdMismatchException if the name has another layout, or is one of another kind of ids
   * @throws IdBlockedException if the time bits are used up, or a node was deleted
   * @throws io.zookit.core.IncarnationException if the data in ZooKeeper are suspected to be restored or wiped
   * @throws IllegalStateException if this handle is closed
   */
  public long next() throws InterruptedException {
    return slot.next(limit);
  }

  /** The layout, which also takes ids apart. */
  public IdLayout layout() {
    return layout;
  }

  /** Gives the slot back, if this is the last handle of the client. Idempotent. */
  @Override
  public void close() {
    slot.close();
  }

  @Override
  public String toString() {
    return slot.toString();
  }
}
