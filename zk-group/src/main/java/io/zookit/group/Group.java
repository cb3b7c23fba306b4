package io.zookit.group;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.group.internal.member.GroupEngine;
import io.zookit.group.internal.store.GroupNodes;

/**
 * A group of processes that share partitions.
 *
 * <pre>{@code
 * Group group = Group.named("indexers", zk);
 * try (Membership me = group.join(Member.id("n1").weight(2));
 *     Ownership mine = me.own(Partitions.of(256), partition -> run(partition), Handover.drain(Duration.ofSeconds(10)))) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Each partition is claimed by one member at a time, with a token that is greater than all before. The oldest member writes
 * a plan that balances the partitions by weight; what an owner has stays where it is as far as the balance allows. If the
 * planner is lost nothing stops: the next one plans, and partitions that stay free are claimed without a plan.
 *
 * <p><i>Threads:</i> any.
 */
public final class Group {

  private final GroupNodes nodes;

  private Group(GroupNodes nodes) {
    this.nodes = nodes;
  }

  /**
   * The group of a name. Nothing is sent.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
   */
  public static Group named(String name, ZkClient client) {
    return new Group(new GroupNodes(CoreClient.of(client), name));
  }

  /** The name. */
  public String name() {
    return nodes.name();
  }

  /**
   * Joins the group. Returns at once; the member joins as soon as the client is connected.
   *
   * @throws IllegalStateException if this client has joined the group with the same id already
   */
  public Membership join(Member member) {
    return GroupEngine.in(nodes.client()).join(nodes, member);
  }

  /**
   * Follows the plan of the group, without joining it. It is live while the client is connected, and shows how long it has not
   * been otherwise.
   *
   * <p><i>Cost:</i> one watch, one read for each plan.
   */
  public LiveValue<GroupView> follow() {
    return follow(OwnerSource.PLAN);
  }

  /**
   * Follows the members of the group and the owners of its partitions, without joining it. It is live while the client is
   * connected, and shows how long it has not been otherwise. A view of the claims shows a group without partitions as one that
   * has none; a view of the plan has no value before there is one.
   *
   * <p><i>Cost:</i> of the plan one watch, one read for each plan; of the claims one watch on all nodes of the group for a
   * client, and after changes, at most every 100 ms, a listing for each bucket of claims and a read for 128 new ones.
   */
  public LiveValue<GroupView> follow(OwnerSource source) {
    return GroupEngine.in(nodes.client()).views().follow(nodes, source);
  }

  @Override
  public String toString() {
    return nodes.toString();
  }
}
