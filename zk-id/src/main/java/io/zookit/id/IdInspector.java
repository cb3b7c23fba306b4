package io.zookit.id;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.sequence.NumberAdmin;
import java.time.Duration;
import java.util.List;

/**
 * Shows the names of ids, and changes them on behalf of an operator.
 *
 * <pre>{@code
 * IdInspector ids = IdInspector.in(zk);
 * ids.raise("invoice", 200_000);
 * }</pre>
 *
 * <p><i>Threads:</i> any; all calls block.
 *
 * <p><i>Failure:</i> {@link IdUnavailableException} without an answer within 10 s, or the limit that is set. Changes may then
 * have happened; each may be repeated.
 */
public final class IdInspector {

  private final NumberAdmin admin;
  private final IdCalls calls;

  private IdInspector(NumberAdmin admin, IdCalls calls) {
    this.admin = admin;
    this.calls = calls;
  }

  /** The names under a client's root. */
  public static IdInspector in(ZkClient client) {
    CoreClient core = CoreClient.of(client);
    return new IdInspector(new NumberAdmin(core), new IdCalls(core, IdCalls.STANDARD_LIMIT));
  }

  /**
   * A copy with another limit for its calls.
   *
   * @param limit more than zero
   */
  public IdInspector timeout(Duration limit) {
    return new IdInspector(admin, new IdCalls(calls.client(), limit));
  }

  /**
   * Returns all names, in alphabetical order. <i>Cost:</i> one listing, and one request for each 128 nodes, two a name.
   *
   * @throws IdUnavailableException if there is no answer
   */
  public List<IdReport> list() throws InterruptedException {
    return calls.call("ids", "nothing was changed", admin::list);
  }

  /**
   * Returns one name.
   *
   * @throws IdNotFoundException if it does not exist
   * @throws IdUnavailableException if there is no answer
   */
  public IdReport show(String name) throws InterruptedException {
    return calls.call("ids " + name, "nothing was changed", () -> admin.show(name));
  }

  /**
   * Raises the next number of a name, and approves its data: a name that is blocked, or was created in an earlier
   * incarnation, hands out numbers again. Also re-creates a counter that does not exist. The next number is never less than
   * without the call. The audit records it.
   *
   * @param atLeast the next number is not less; after data were restored a number that no process has seen, 0 or more
   * @return the name afterwards
   * @throws IdNotFoundException if it does not exist. Nothing was changed
   * @throws IdMismatchException if its ids are those of a {@link Snowflake}, which need no raise. Nothing was changed
   * @throws IdUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   * @throws io.zookit.core.IncarnationException if the data are suspected to be restored; the incarnation is raised first.
   *     Nothing was changed
   */
  public IdReport raise(String name, long atLeast) throws InterruptedException {
    if (atLeast < 0) {
      throw new IllegalArgumentException("atLeast: " + atLeast + " (expected: 0 or more)");
    }
    return calls.call("ids " + name, "the outcome is unknown", () -> admin.raise(name, atLeast));
  }

  /**
   * Changes the size of the segments of a name, for all processes: what they take from now on has the new size. The audit
   * records it.
   *
   * @param size numbers of a segment, 1 to {@value Segments#MOST_NUMBERS}
   * @return the name afterwards
   * @throws IdMismatchException if the ids of the name are not taken in segments. Nothing was changed
   * @throws IdNotFoundException if it does not exist. Nothing was changed
   * @throws IdBlockedException if it has to be raised first. Nothing was changed
   * @throws IdUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   */
  public IdReport resize(String name, int size) throws InterruptedException {
    Segments.requireSize(size);
    return calls.call("ids " + name, "the outcome is unknown", () -> admin.resize(name, size));
  }
}
