package io.zookit.group.internal.member;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.group.GroupMember;
import io.zookit.group.GroupView;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The memberships of a client, and the plans that it follows. */
public final class GroupEngine implements Engine, SessionListener {

  private final CoreClient client;
  private final ClaimReleases releases;
  private final ClaimGuards guards;
  private final Map<String, MemberLife> members = new LinkedHashMap<>();
  private Subscription listening = () -> {};

  GroupEngine(CoreClient client, ClaimGuards guards) {
    this.client = client;
    this.guards = guards;
    this.releases = new ClaimReleases(client, guards);
  }

  /** The memberships of a client. */
  public static GroupEngine in(CoreClient client) {
    return client.engine(GroupEngine.class, core -> new GroupEngine(core, new ClaimGuards()));
  }

  @Override
  public void start() {
    client.loop().execute(() -> listening = client.onSessions(this));
  }

  /**
   * Joins a group.
   *
   * @throws IllegalStateException if a membership of this client has the same group and id
   */
  public Membership join(GroupNodes nodes, Member member) {
    Executor threads = new HandlerThreads(nodes.name(), partition -> {}).executor();
    return join(nodes, member, SerialLane.on(threads, nodes + " planner"));
  }

  MemberLife join(GroupNodes nodes, Member member, Executor planning) {
    String key = nodes.path() + " " + member.id();
    MemberLife life = new MemberLife(nodes, member, releases, guards, planning, () -> forget(key));
    synchronized (members) {
      if (members.putIfAbsent(key, life) != null) {
        throw new IllegalStateException(
            nodes + ": this client has joined as " + member.id() + " already");
      }
    }
    client
        .loop()
        .execute(
            () -> client.handle().filter(SessionHandle::isConnected).ifPresent(life::onConnected));
    return life;
  }

  private void forget(String key) {
    synchronized (members) {
      members.remove(key);
    }
  }

  private void each(Consumer<MemberLife> action) {
    List<MemberLife> all;
    synchronized (members) {
      all = new ArrayList<>(members.values());
    }
    all.forEach(action);
  }

  // Views.

  /** Follows the plan of a group. */
  public LiveValue<GroupView> follow(GroupNodes nodes) {
    PlanView view = new PlanView(nodes);
    client.loop().execute(view::start);
    return view.cell;
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

  // Sessions.

  @Override
  public void onConnected(SessionHandle handle) {
    releases.onConnected(handle); // what is owed comes before anything new
    each(life -> life.onConnected(handle));
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    each(MemberLife::onSuspect);
  }

  @Override
  public void onLost(SessionHandle handle) {
    each(life -> life.onLost(handle));
    releases.onLost(handle);
  }

  @Override
  public void close() {
    each(MemberLife::abandon);
    client.loop().execute(() -> listening.close());
  }
}
