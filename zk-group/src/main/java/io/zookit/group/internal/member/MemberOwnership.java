package io.zookit.group.internal.member;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.Handover;
import io.zookit.group.Ownership;
import io.zookit.group.PartitionStatus;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.SpecRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ownership of a member over all epochs of the group's partitions: each epoch has a {@link PartitionOwner} of its own.
 *
 * <p>It follows the record of the partitions. While that announces another number of them, everything is handed over and nothing
 * is claimed; the new epoch begins when no claim of the old one stands.
 *
 * <p><i>Threads:</i> on the loop, but for queries.
 *
 * <p><i>Cost:</i> a watch.
 */
final class MemberOwnership implements Ownership {

  private static final Logger log = LoggerFactory.getLogger(MemberOwnership.class);

  private final MemberLife life;
  private final CoreClient client;
  private final GroupNodes nodes;
  private final Handover handover;
  private final HandlerRunner runner;
  private final ClaimReleases releases;
  private final ClaimGuards guards;
  private final Scope scope;

  /** Those of epochs that have ended, whose handlers have not returned. */
  private final List<PartitionOwner> ended = new ArrayList<>();

  private volatile PartitionOwner current;
  private @Nullable MemberSession session;
  private Scope specs;
  private @Nullable NodeFollower<SessionHandle.Node> follower;
  private boolean stopped;
  private @Nullable Runnable emptied;

  MemberOwnership(
      MemberLife life,
      SpecRecord spec,
      Handover handover,
      HandlerRunner runner,
      ClaimReleases releases,
      ClaimGuards guards) {
    this.life = life;
    this.nodes = life.nodes();
    this.client = nodes.client();
    this.handover = handover;
    this.runner = runner;
    this.releases = releases;
    this.guards = guards;
    this.scope = Scope.root(client.loop(), client.timekeeper());
    this.specs = scope.child();
    this.current = ownerOf(spec);
  }

  private PartitionOwner ownerOf(SpecRecord spec) {
    return new PartitionOwner(life, spec, handover, runner, releases, guards);
  }

  /** The owner of the partitions of the epoch in force. */
  PartitionOwner current() {
    return current;
  }

  // Sessions.

  void onJoined(MemberSession joined) {
    if (session != joined) {
      session = joined;
      current.onJoined(joined.handle(), joined.nonce());
      specs.close();
      specs = scope.child();
      NodeFollower<SessionHandle.Node> fresh = NodeFollower.ofUnsharedData(
          client, nodes.spec(), specs.wrap((Answer<SessionHandle.Node> read) -> onSpec(read)));
      specs.own(fresh);
      follower = fresh;
      fresh.onConnected(joined.handle());
    }
  }

  void onReconnected(SessionHandle handle) {
    current.onReconnected(handle);
    NodeFollower<SessionHandle.Node> now = follower;
    if (now != null) {
      now.onConnected(handle);
    }
  }

  void onLost(SessionHandle handle) {
    session = null;
    follower = null;
    specs.close();
    current.onLost(handle);
    ended.forEach(owner -> owner.onLost(handle));
  }

  private void onSpec(Answer<SessionHandle.Node> read) {
    if (!read.isOk()
        || !(SpecRecord.CODEC.decode(read.get().data())
            instanceof Decoded.Value<SpecRecord> decoded)) {
      return; // everything stays where it is
    }
    SpecRecord spec = decoded.value();
    if (spec.epoch() > current.spec().epoch()) {
      begin(spec);
    }
    if (spec.next() == null) {
      current.resume();
    } else {
      log.info("{}: hands over everything for {} partitions", life, spec.next());
      current.suspend();
    }
  }

  private void begin(SpecRecord spec) {
    PartitionOwner last = current;
    PartitionOwner next = ownerOf(spec);
    ended.add(last);
    current = next;
    MemberSession now = session;
    if (now != null) {
      last.onLost(now.handle()); // no claim of its epoch stands
      next.onJoined(now.handle(), now.nonce());
    }
    last.end(() -> ended.remove(last));
    if (stopped) {
      next.stopClaiming();
    }
    Runnable waiting = emptied;
    if (waiting != null) {
      next.end(waiting);
    }
    life.announce();
  }

  // Ends.

  /** Claims nothing more. */
  void stopClaiming() {
    stopped = true;
    current.stopClaiming();
  }

  /**
   * Claims nothing more and hands everything over.
   *
   * @param done runs on the loop when nothing is left
   */
  void end(Runnable done) {
    stopped = true;
    emptied = () -> {
      scope.close();
      done.run();
    };
    current.end(emptied);
  }

  /** The client is closed: all claims end with its session. */
  void abandon() {
    scope.close();
    current.abandon();
    ended.forEach(PartitionOwner::abandon);
  }

  // Queries.

  @Override
  public List<PartitionStatus> partitions() {
    return current.partitions();
  }

  @Override
  public void close() {
    life.close();
  }

  @Override
  public String toString() {
    return life.toString();
  }
}
