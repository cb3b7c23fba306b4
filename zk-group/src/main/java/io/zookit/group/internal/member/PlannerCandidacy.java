package io.zookit.group.internal.member;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.planner.GroupPlanner;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupReads;
import io.zookit.group.internal.store.MemberNode;
import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * The place of a member in the order of the members, in one session: a listing behind the create of its node says whether it is
 * the oldest one, which plans; otherwise it watches the next older one.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class PlannerCandidacy {

  private final MemberLife member;
  private final MemberSession session;
  private final CoreClient client;
  private final GroupNodes nodes;
  private final SessionHandle handle;
  private final Scope scope;
  private boolean electing;
  private int failures;
  private @Nullable NodeFollower<SessionHandle.Node> older;
  private long olderCzxid;
  private @Nullable GroupPlanner planner;

  PlannerCandidacy(MemberLife member, MemberSession session, Scope scope) {
    this.member = member;
    this.session = session;
    this.nodes = member.nodes();
    this.client = nodes.client();
    this.handle = session.handle();
    this.scope = scope;
  }

  /** Plans no longer, and watches no other member. */
  void standDown() {
    if (planner != null) {
      planner.close();
      planner = null;
    }
    if (older != null) {
      older.close();
      older = null;
    }
  }

  /** Reads the members, and takes the place that follows from them. */
  void elect() {
    if (electing || !session.exists() || !handle.isConnected()) {
      return;
    }
    electing = true;
    new GroupReads(nodes, handle).members(scope.wrap((Answer<List<MemberNode>> read) -> {
      electing = false;
      if (!read.isOk()) {
        if (read.isAnswered()) {
          scope.after(MemberSession.RETRIES.delay(failures++, client.random()), this::elect);
        }
        return;
      }
      failures = 0;
      member.onMembers(read.get());
      if (scope.isOpen()) {
        takePlace(read.get());
      }
    }));
  }

  private void takePlace(List<MemberNode> members) {
    MemberNode next = null;
    boolean listed = false;
    for (MemberNode other : members) {
      listed |= other.nonce().equals(session.nonce());
      if (other.isOlderThan(session.czxid())
          && (next == null || !other.isOlderThan(next.czxid()))) {
        next = other;
      }
    }
    if (!listed) {
      session.verify();
    } else if (next == null) {
      plan();
    } else {
      watch(next);
    }
  }

  private void plan() {
    if (planner == null) {
      standDown();
      planner = new GroupPlanner(
          nodes, handle, member.key(session.nonce()), member.planning(), member, scope);
      planner.start();
    } else {
      planner.trigger();
    }
  }

  private void watch(MemberNode next) {
    long seen = next.czxid();
    if (older != null && olderCzxid == seen) {
      return;
    }
    standDown();
    olderCzxid = seen;
    NodeFollower<SessionHandle.Node> follower = NodeFollower.ofUnsharedData(
        client, nodes.member(next.key()), scope.wrap((Answer<SessionHandle.Node> read) -> {
          if (read.code() == Code.NONODE || (read.isOk() && read.get().stat().getCzxid() != seen)) {
            standDown();
            elect();
          }
        }));
    older = follower;
    scope.own(follower);
    follower.onConnected(handle);
  }
}
