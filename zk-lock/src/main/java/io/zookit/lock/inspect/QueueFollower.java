package io.zookit.lock.inspect;

import io.zookit.core.Subscription;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.lock.internal.store.LockQueue;
import io.zookit.lock.internal.store.LockStateNode;
import io.zookit.lock.internal.store.QueueEntry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a queue over one connection: its list, the nodes in it, and the maximum of a semaphore, each by a one-shot watch
 * that is set again with the read that follows it. What is not there cannot be watched this way and is looked for every
 * second. Tells what it has seen whenever no read is under way. Used on the loop.
 */
final class QueueFollower {

  private static final Logger log = LoggerFactory.getLogger(QueueFollower.class);
  private static final Duration ABSENCE = Duration.ofSeconds(1);

  private final LockEngine engine;
  private final LockQueue queue;
  private final ZkPath stateNode;
  private final Consumer<QueueSnapshot> told;
  private final Map<String, QueueMember> members = new TreeMap<>();
  private final Watched list = new Watched();
  private final Watched state = new Watched();
  private Optional<QueueSnapshot.SeenMaximum> maximum = Optional.empty();
  private @Nullable Subscription timer;
  private int open;
  private boolean closed;

  private QueueFollower(LockEngine engine, LockQueue queue, Consumer<QueueSnapshot> told) {
    this.engine = engine;
    this.queue = queue;
    this.stateNode = new LockStateNode(engine.client(), queue.name()).path();
    this.told = told;
  }

  /** Follows from now on over the connection the engine has. */
  static QueueFollower begin(LockEngine engine, LockQueue queue, Consumer<QueueSnapshot> told) {
    QueueFollower round = new QueueFollower(engine, queue, told);
    round.readState();
    round.list();
    return round;
  }

  /** A watched node, and whether it exists. */
  private static class Watched {
    private @Nullable Subscription watch;
    boolean absent;

    void by(Subscription interest) {
      watch = interest;
    }

    void close() {
      if (watch != null) {
        watch.close();
      }
    }
  }

  /** A node of the queue. */
  private static final class QueueMember extends Watched {
    final QueueEntry entry;
    QueueSnapshot.@Nullable SeenNode seen;

    QueueMember(QueueEntry entry) {
      this.entry = entry;
    }
  }

  private void list() {
    open++;
    list.by(engine
        .queues()
        .watches()
        .watchChildren(queue.path(), event -> unlessClosed(this::list), read -> {
          if (isUsable(read, queue.path())) {
            list.absent = !read.isOk();
            adopt(read.isOk() ? QueueEntry.inOrder(read.get().names()) : List.of());
          }
          end();
        }));
  }

  private void adopt(List<QueueEntry> entries) {
    Set<String> gone = new HashSet<>(members.keySet());
    for (QueueEntry entry : entries) {
      gone.remove(entry.node());
      if (!members.containsKey(entry.node())) {
        QueueMember member = new QueueMember(entry);
        members.put(entry.node(), member);
        read(member);
      }
    }
    gone.forEach(this::leave);
  }

  private void leave(String node) {
    QueueMember left = members.remove(node);
    if (left != null) {
      left.close();
    }
  }

  private void read(QueueMember member) {
    ZkPath node = queue.node(member.entry);
    open++;
    member.by(engine
        .queues()
        .watches()
        .watch(node, event -> unlessClosed(() -> read(member)), read -> {
          if (isUsable(read, node)) {
            member.seen = read.isOk() ? QueueSnapshot.SeenNode.of(member.entry, read.get()) : null;
          }
          end();
        }));
  }

  private void readState() {
    open++;
    state.by(engine
        .queues()
        .watches()
        .watch(stateNode, event -> unlessClosed(this::readState), read -> {
          if (isUsable(read, stateNode)) {
            state.absent = !read.isOk();
            maximum = read.isOk() ? QueueSnapshot.SeenMaximum.of(read.get()) : Optional.empty();
          }
          end();
        }));
  }

  private void unlessClosed(Runnable step) {
    if (!closed) {
      step.run();
    }
  }

  /** A read that was not answered is made again by the round of the next connection. */
  private boolean isUsable(Answer<?> answer, ZkPath path) {
    boolean known = answer.isOk() || answer.code() == Code.NONODE;
    if (!known && answer.isAnswered()) {
      log.warn("{}: cannot be read ({})", path, answer.code());
    }
    return known && !closed;
  }

  private void end() {
    open--;
    if (open > 0 || closed) {
      return;
    }
    List<QueueSnapshot.SeenNode> seen = members.values().stream()
        .flatMap(member -> Optional.ofNullable(member.seen).stream())
        .sorted((a, b) -> Integer.compare(a.entry().sequence(), b.entry().sequence()))
        .toList();
    told.accept(new QueueSnapshot(queue.name(), seen, maximum));
    boolean noMaximum =
        state.absent && seen.stream().anyMatch(node -> node.entry().isPermit());
    if (list.absent || noMaximum) {
      lookAgain(noMaximum);
    }
  }

  private void lookAgain(boolean noMaximum) {
    if (timer != null) {
      timer.close();
    }
    Runnable look = () -> unlessClosed(() -> {
      if (noMaximum) {
        readState();
      }
      if (list.absent) {
        list();
      }
    });
    timer =
        engine.client().timekeeper().after(ABSENCE, () -> engine.client().loop().execute(look));
  }

  void close() {
    closed = true;
    if (timer != null) {
      timer.close();
    }
    list.close();
    state.close();
    members.values().forEach(Watched::close);
  }
}
