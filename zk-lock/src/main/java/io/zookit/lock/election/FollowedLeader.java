package io.zookit.lock.election;

import io.zookit.core.FencingToken;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.lane.LiveCell;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
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
  private @Nullable Subscription watch;
  private int look;

  FollowedLeader(Elections elections, LockQueue queue) {
    this.elections = elections;
    this.client = elections.engine().client();
    this.queue = queue;
    this.value = new LiveCell<>(
        "leader of " + queue.name(),
        client.timekeeper(),
        () -> client.lane("leader of " + queue.name()),
        () -> client.loop().execute(this::end));
  }

  LiveValue<Optional<Leader>> value() {
    return value;
  }

  /** Reads the first of the queue; the answers to an earlier read are ignored. */
  void look() {
    unwatch();
    int mine = ++look;
    Optional<SessionHandle> connected = elections.engine().connected();
    connected.ifPresent(handle -> handle.list(queue.path(), listed -> {
      if (mine == look) {
        onListed(handle, listed);
      }
    }));
  }

  private void onListed(SessionHandle handle, Answer<List<String>> listed) {
    int mine = look;
    if (listed.code() == Code.NONODE) {
      queue.folders().ensure(handle, ready -> {
        if (mine == look && ready.isOk()) {
          look();
        } else if (mine == look && ready.isAnswered()) {
          tell(Optional.empty());
          lookLater();
        }
      });
    } else if (listed.isOk()) {
      List<QueueEntry> entries = QueueEntry.inOrder(listed.get());
      if (entries.isEmpty()) {
        watchQueue();
      } else {
        watchFirst(entries.get(0));
      }
    } else if (listed.isAnswered()) {
      onRefused(listed.code());
    }
  }

  private void onRefused(Code code) {
    if (value.age().isZero()) { // not at every look
      log.warn("{}: the leader cannot be read ({})", queue, code);
    }
    value.toStale();
    lookLater();
  }

  /** Reads again later: a node that this client may not create or read cannot be watched. */
  private void lookLater() {
    int mine = look;
    watch = client
        .timekeeper()
        .after(
            ABSENCE,
            () -> client.loop().execute(() -> {
              if (mine == look) {
                look();
              }
            }));
  }

  private void watchQueue() {
    int mine = look;
    watch = elections.engine().watches().watchChildren(queue.path(), event -> look(), read -> {
      if (mine != look || !read.isAnswered()) {
        return;
      }
      if (read.isOk() && QueueEntry.inOrder(read.get().names()).isEmpty()) {
        tell(Optional.empty());
      } else {
        look();
      }
    });
  }

  private void watchFirst(QueueEntry first) {
    int mine = look;
    watch = elections.engine().watches().watch(queue.node(first), event -> look(), read -> {
      if (mine != look || !read.isAnswered()) {
        return;
      }
      if (read.isOk()) {
        tell(Optional.of(leader(read.get())));
      } else if (read.code() == Code.NONODE) {
        look();
      } else {
        onRefused(read.code());
      }
    });
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
    look++;
    watch = null;
    value.toStale();
  }

  private void end() {
    look++;
    unwatch();
    elections.forget(this);
  }

  private void unwatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}
