package io.zookit.lock.election;

import io.zookit.core.FencingToken;
import io.zookit.core.LiveValue;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the first request in a queue with one watch: on its node, or on the queue while that is empty, which is
 * created for it. If something is refused it reads again every second. Used on the loop.
 */
final class FollowedLeader {

  private static final Logger log = LoggerFactory.getLogger(FollowedLeader.class);
  private static final Duration ABSENCE = Duration.ofSeconds(1);

  private final Elections elections;
  private final CoreClient client;
  private final LockQueue queue;
  private final LiveCell<Optional<Leader>> value;
  private final Scope scope;

  /** Owner of the newest look: of its answers, and of the follower of the node that it found. */
  private Scope look;

  FollowedLeader(Elections elections, LockQueue queue) {
    this.elections = elections;
    this.client = elections.engine().client();
    this.queue = queue;
    this.scope = Scope.root(client.loop(), client.timekeeper());
    this.look = scope.child();
    this.value = new LiveCell<>(
        "leader of " + queue.name(),
        client.timekeeper(),
        () -> client.lane("leader of " + queue.name()),
        () -> client.loop().execute(this::end));
  }

  LiveValue<Optional<Leader>> value() {
    return value;
  }

  /** Looks which candidate is first; an earlier look no longer counts. */
  void look() {
    look.close();
    Scope now = scope.child();
    look = now;
    elections
        .engine()
        .connected()
        .ifPresent(handle -> handle.list(
            queue.path(),
            now.wrap((Answer<List<String>> listed) -> onListed(handle, now, listed))));
  }

  private void onListed(SessionHandle handle, Scope now, Answer<List<String>> listed) {
    if (listed.code() == Code.NONODE) {
      queue.folders().ensure(handle, now.wrap((Answer<Boolean> ready) -> {
        if (ready.isOk()) {
          look();
        } else if (ready.isAnswered()) {
          tell(Optional.empty());
          now.after(ABSENCE, this::look); // what may not be created here cannot be watched
        }
      }));
    } else if (listed.isOk()) {
      List<QueueEntry> entries = QueueEntry.inOrder(listed.get());
      if (entries.isEmpty()) {
        followQueue(handle, now);
      } else {
        followFirst(handle, now, entries.get(0));
      }
    } else if (listed.isAnswered()) {
      onRefused(now, listed.code());
    }
  }

  private void onRefused(Scope now, Code code) {
    if (value.age().isZero()) { // not at every look
      log.warn("{}: the leader cannot be read ({})", queue, code);
    }
    value.toStale();
    now.after(ABSENCE, this::look); // what may not be read here cannot be watched
  }

  private void followQueue(SessionHandle handle, Scope now) {
    NodeFollower.ofChildren(
            now, session -> elections.engine().queues().watches(), queue.path(), read -> {
              if (read.isOk() && QueueEntry.inOrder(read.get().names()).isEmpty()) {
                tell(Optional.empty());
              } else {
                look();
              }
            })
        .onConnected(handle);
  }

  private void followFirst(SessionHandle handle, Scope now, QueueEntry first) {
    NodeFollower.ofData(
            now, session -> elections.engine().queues().watches(), queue.node(first), read -> {
              if (read.isOk()) {
                tell(Optional.of(leader(read.get())));
              } else if (read.code() == Code.NONODE) {
                look();
              } else {
                onRefused(now, read.code());
              }
            })
        .onConnected(handle);
  }

  private Leader leader(SessionHandle.Node node) {
    FencingToken epoch = new FencingToken(client.incarnation(), node.stat().getCzxid(), 0);
    Optional<OwnerRecord> owner = OwnerRecord.read(node.data());
    return new Leader(
        owner.map(OwnerRecord::label).orElse(""), owner.map(OwnerRecord::owner).orElse(""), epoch);
  }

  private void tell(Optional<Leader> first) {
    if (value.latest().equals(Optional.of(first))) {
      value.toLive();
    } else {
      value.set(first);
    }
  }

  void onSuspect() {
    value.toStale();
  }

  /** The watches went with the session. */
  void onSessionLost() {
    look.close();
    value.toStale();
  }

  private void end() {
    scope.close();
    elections.forget(this);
  }
}
