package io.zookit.group;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.group.internal.inspect.GroupAdmin;
import io.zookit.group.internal.store.GroupNodes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Shows groups, and changes them on behalf of an operator.
 *
 * <pre>{@code
 * GroupInspector groups = GroupInspector.in(zk);
 * groups.move("indexers", 17, "n2", Duration.ofHours(1));
 * }</pre>
 *
 * <p><i>Threads:</i> any; all calls block.
 *
 * <p><i>Failure:</i> {@link ZkUnavailableException} without an answer within 10 s, or the limit that is set. Changes may then
 * have happened; each may be repeated.
 */
public final class GroupInspector {

  private static final Duration STANDARD_LIMIT = Duration.ofSeconds(10);

  private final CoreClient client;
  private final BlockingCalls calls;

  private GroupInspector(CoreClient client, Duration limit) {
    this.client = client;
    this.calls = new BlockingCalls(client, limit);
  }

  /** The groups under a client's root. */
  public static GroupInspector in(ZkClient client) {
    return new GroupInspector(CoreClient.of(client), STANDARD_LIMIT);
  }

  /**
   * A copy with another limit for its calls.
   *
   * @param limit more than zero
   */
  public GroupInspector timeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("timeout: " + limit + " (expected: more than zero)");
    }
    return new GroupInspector(client, limit);
  }

  /**
   * Returns the names of all groups, in alphabetical order. <i>Cost:</i> one listing.
   *
   * @throws ZkUnavailableException if there is no answer
   */
  public List<String> list() throws InterruptedException {
    return call("groups", "nothing was changed", () -> GroupAdmin.list(client));
  }

  /**
   * Returns one group. <i>Cost:</i> as a pass of the planner: a listing for each bucket, a request for 128 members or claims.
   *
   * @throws GroupNotFoundException if it has no partitions
   * @throws ZkUnavailableException if there is no answer
   */
  public GroupReport show(String name) throws InterruptedException {
    GroupAdmin admin = admin(name);
    return call("group " + name, "nothing was changed", admin::show);
  }

  /**
   * Gives a partition to a member for a time, whatever the balance. It is handed over as the plan's moves are; the others are
   * balanced around it. A move of the same partition replaces the one before. The audit records it.
   *
   * @param partition its index
   * @param member the id of a member that is present
   * @param time more than zero, at most a year
   * @return the group afterwards, in which the move may not have happened yet
   * @throws GroupNotFoundException if the group has no partitions. Nothing was changed
   * @throws IllegalArgumentException if it has no such partition, or no such member takes part. Nothing was changed
   * @throws GroupMismatchException if there are {@value io.zookit.group.internal.store.PinsRecord#MOST_PINS} moves in force.
   *     Nothing was changed
   * @throws ZkUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   */
  public GroupReport move(String name, int partition, String member, Duration time)
      throws InterruptedException {
    GroupAdmin admin = admin(name);
    GroupAdmin.requirePinned(time);
    return call(
        "group " + name, "the outcome is unknown", () -> admin.move(partition, member, time));
  }

  /**
   * Ends a move: the partition is balanced with the others again. Without effect if there is none. The audit records it.
   *
   * @return the group afterwards
   * @throws GroupNotFoundException if the group has no partitions. Nothing was changed
   * @throws ZkUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   */
  public GroupReport endMove(String name, int partition) throws InterruptedException {
    GroupAdmin admin = admin(name);
    return call("group " + name, "the outcome is unknown", () -> admin.endMove(partition));
  }

  /**
   * Changes the number of partitions, for all members: each hands over everything, and when no partition is owned any more the
   * new ones are claimed. Keys then belong to other partitions, and no partition of the old number is owned together with one of
   * the new. With the present number a change that has not happened yet is withdrawn. The audit records it.
   *
   * <p>Members that run go on with the new number. A process that is started later with the old one is refused by {@link
   * GroupMismatchException}.
   *
   * @param count 1 to 16,384
   * @return the group afterwards, in which the change may not have happened yet
   * @throws GroupNotFoundException if the group has no partitions. Nothing was changed
   * @throws ZkUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   */
  public GroupReport resize(String name, int count) throws InterruptedException {
    int checked = Partitions.of(count).count();
    GroupAdmin admin = admin(name);
    return call("group " + name, "the outcome is unknown", () -> admin.resize(checked));
  }

  /**
   * Deletes the plan, so that the oldest member writes another one: for a plan that is damaged, or was written by a newer
   * version. What is owned stays where it is as far as the balance allows. The audit records it.
   *
   * @return the group afterwards
   * @throws GroupNotFoundException if the group has no partitions. Nothing was changed
   * @throws ZkUnavailableException if there is no answer; the outcome is unknown, and the call may be repeated
   */
  public GroupReport replan(String name) throws InterruptedException {
    GroupAdmin admin = admin(name);
    return call("group " + name, "the outcome is unknown", admin::replan);
  }

  private GroupAdmin admin(String name) {
    return new GroupAdmin(new GroupNodes(client, name));
  }

  private <T> T call(String about, String effect, Supplier<CompletableFuture<T>> request)
      throws InterruptedException {
    return calls.call(about, effect, request, ZkUnavailableException::new);
  }
}
