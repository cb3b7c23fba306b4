package io.zookit.group.internal.member;

import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.internal.inspect.GroupViews;
import io.zookit.group.internal.store.GroupNodes;
import java.util.ArrayList;
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
  private final GroupViews views;
  private Subscription listening = () -> {};

  GroupEngine(CoreClient client, ClaimGuards guards) {
    this.client = client;
    this.guards = guards;
    this.releases = new ClaimReleases(client, guards);
    this.views = new GroupViews(client);
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

  /** The views that users follow. */
  public GroupViews views() {
    return views;
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
    views.close();
    client.loop().execute(() -> listening.close());
  }
}
