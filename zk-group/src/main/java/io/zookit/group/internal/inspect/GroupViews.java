package io.zookit.group.internal.inspect;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.overview.FolderOverview;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.group.GroupMember;
import io.zookit.group.GroupView;
import io.zookit.group.OwnerSource;
import io.zookit.group.internal.planner.PlanInputs.SeenGroup;
import io.zookit.group.internal.planner.PlanRules;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.HeldClaim;
import io.zookit.group.internal.store.MemberNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The views of groups that the users of a client follow: the plan by a watch on its node, the claims by a watch on all nodes of
 * the group, once for a client.
 *
 * <p><i>Threads:</i> any.
 */
public final class GroupViews {

  private final CoreClient client;
  private final Map<String, FolderOverview<GroupView>> claims = new ConcurrentHashMap<>();

  /** The views of a client. */
  public GroupViews(CoreClient client) {
    this.client = client;
  }

  /** Follows a group. */
  public LiveValue<GroupView> follow(GroupNodes nodes, OwnerSource source) {
    return switch (source) {
      case PLAN -> {
        PlanView view = new PlanView(nodes);
        client.loop().execute(view::start);
        yield view.cell;
      }
      case CLAIMS ->
        claims
            .computeIfAbsent(
                nodes.name(),
                name -> new FolderOverview<>(
                    client, nodes + " claims", nodes.path(), new ClaimsContent(nodes)))
            .open();
    };
  }

  /** Closes what is followed: the client is closed. */
  public void close() {
    claims.values().forEach(FolderOverview::close);
  }

  /** The plan of a group as users see it. */
  private final class PlanView implements SessionListener {
    private final LiveCell<GroupView> cell;
    private final NodeFollower<SessionHandle.Node> follower;
    private Subscription sessions = () -> {};

    PlanView(GroupNodes nodes) {
      this.cell = new LiveCell<>(
          nodes + " view",
          client.timekeeper(),
          () -> client.lane(nodes + " view"),
          () -> client.loop().execute(this::end));
      this.follower = NodeFollower.ofUnsharedData(client, nodes.plan(), this::onRead);
    }

    void start() {
      sessions = client.onSessions(this);
    }

    private void end() {
      sessions.close();
      follower.close();
    }

    private void onRead(Answer<SessionHandle.Node> read) {
      if (read.isOk()) {
        GroupPlan.decode(read.get().data()).ifPresent(plan -> cell.set(viewOf(plan)));
      }
    }

    @Override
    public void onConnected(SessionHandle handle) {
      follower.refresh(handle, answered -> {
        if (answered) {
          cell.toLive();
        }
      });
    }

    @Override
    public void onSuspect(SessionHandle handle) {
      cell.toStale();
    }

    @Override
    public void onLost(SessionHandle handle) {
      cell.toStale();
      follower.onLost(handle);
    }
  }

  private static GroupView viewOf(GroupPlan plan) {
    Map<Integer, String> owners = new HashMap<>();
    int[] loads = new int[plan.header().members().size()];
    for (int p = 0; p < plan.count(); p++) {
      int target = plan.targetOf(p);
      if (target != GroupPlan.UNASSIGNED) {
        owners.put(p, plan.header().members().get(target).id());
        loads[target]++;
      }
    }
    List<GroupMember> members = new ArrayList<>();
    for (int i = 0; i < loads.length; i++) {
      PlannedMember member = plan.header().members().get(i);
      members.add(new GroupMember(member.id(), member.nonce() != null, loads[i]));
    }
    return new GroupView(plan.header().seq(), members, owners, plan.count());
  }

  /** The view of what was read of the claims. */
  static GroupView ofClaims(SeenGroup group) {
    Map<String, MemberNode> live = PlanRules.newest(group.members());
    Map<String, Integer> loads = new TreeMap<>();
    live.keySet().forEach(id -> loads.put(id, 0));
    Map<Integer, String> owners = new HashMap<>();
    for (HeldClaim claim : group.claims()) {
      if (!claim.holder().isEmpty()) {
        String id = MemberNode.idOf(claim.holder());
        owners.put(claim.partition(), id);
        loads.merge(id, 1, Integer::sum);
      }
    }
    List<GroupMember> members = new ArrayList<>();
    loads.forEach((id, load) -> members.add(new GroupMember(id, live.containsKey(id), load)));
    GroupPlan plan = group.plan();
    return new GroupView(
        plan == null ? 0 : plan.header().seq(),
        members,
        owners,
        group.spec().record().count());
  }
}
