package io.zookit.scheduler.internal.ledger;

import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.audit.AuditWriter;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.scheduler.internal.records.JobPaths;
import io.zookit.scheduler.internal.records.RangeRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.NodeRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.rules.ClusterClock;
import io.zookit.scheduler.internal.zk.SessionTree.Found;
import io.zookit.scheduler.internal.zk.SessionTree.Stamp;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.internal.zk.ZkSessionTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Requests of blocking callers: reads behind a {@code sync}, commits, and the leader's time. A request whose answer is
 * lost with the connection yields an empty optional; the caller reads its outcome and continues.
 */
final class LedgerRequests {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Backoff DELAYS = new Backoff(Duration.ofMillis(50), Duration.ofMillis(400));
  private static final int TOGETHER = 250;

  private final CoreClient client;
  private final BlockingCalls calls;
  private final JobPaths paths;

  LedgerRequests(CoreClient client) {
    this.client = client;
    this.calls = new BlockingCalls(client, LIMIT);
    this.paths = new JobPaths(client.rootPath());
  }

  /** An answer, and the session in which the request was sent. */
  record SessionReply<T>(Answer<T> answer, SessionHandle session) {}

  /** One attempt of an operation; empty if it is to be repeated. */
  interface Try<T> {
    Optional<T> attempt(int tries) throws InterruptedException;
  }

  /** Repeats an operation until it has a result or its time is over. */
  <T> T until(String what, Try<T> call) throws InterruptedException {
    long end = client.timekeeper().nanos() + LIMIT.toNanos();
    for (int tries = 0; ; tries++) {
      requireOpen(what, tries);
      Optional<T> result = call.attempt(tries);
      if (result.isPresent()) {
        return result.get();
      }
      if (client.timekeeper().nanos() - end > 0) {
        throw new ZkUnavailableException(
            what + ": no answer from ZooKeeper within " + LIMIT + "; the outcome is unknown");
      }
      client.timekeeper().sleep(DELAYS.delay(tries));
    }
  }

  private void requireOpen(String what, int tries) {
    if (client.isClosed()) {
      throw new ZkUnavailableException(what + ": the client is closed"
          + (tries == 0 ? "; nothing was sent" : "; the outcome is unknown"));
    }
  }

  /** Reads nodes as they were after everything that was committed before. */
  Optional<List<Found>> read(List<ZkPath> wanted) throws InterruptedException {
    List<Found> all = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i += TOGETHER) {
      List<ZkPath> some = wanted.subList(i, Math.min(wanted.size(), i + TOGETHER));
      Optional<List<Found>> found = value(some.get(0), (tree, reply) -> {
        tree.sync();
        tree.read(List.copyOf(some), reply);
      });
      if (found.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(found.get());
    }
    return Optional.of(all);
  }

  /** Reads the state of a job together with the ends and outcomes that were moved from it to ranges. */
  Optional<StateRecord> withPast(ReadJob read) throws InterruptedException {
    StateRecord state = read.job().state();
    List<ZkPath> ends = paths.ends(read.job().name(), state);
    List<ZkPath> outcomes = paths.outcomes(read.job().name(), state);
    List<ZkPath> wanted = new ArrayList<>(ends);
    wanted.addAll(outcomes);
    if (wanted.isEmpty()) {
      return Optional.of(state);
    }
    return read(wanted).map(found -> {
      List<RangeRecord> endRanges = new ArrayList<>();
      List<Optional<RangeRecord>> outcomeRanges = new ArrayList<>();
      for (int i = 0; i < wanted.size(); i++) {
        Optional<RangeRecord> range = rangeOf(wanted.get(i), found.get(i));
        if (i < ends.size()) {
          range.ifPresent(endRanges::add);
        } else {
          outcomeRanges.add(range);
        }
      }
      return state.withPast(endRanges, outcomeRanges);
    });
  }

  private static Optional<RangeRecord> rangeOf(ZkPath path, Found found) {
    return found.exists()
        ? Optional.of(Records.read(Records.RANGE, found.data(), path))
        : Optional.empty();
  }

  /** The names of children; none when the node is not there. */
  Optional<List<String>> list(ZkPath path) throws InterruptedException {
    Answer<List<String>> answer = ask(path, (tree, reply) -> {
      tree.sync();
      tree.list(path, reply);
    });
    if (answer.code() == Code.NONODE) {
      return Optional.of(List.of());
    }
    return valueOf(answer, path);
  }

  /** Commits; the answer may be a refusal, or no answer. */
  Answer<List<Stamp>> commit(List<WriteOp> changes) throws InterruptedException {
    return ask(paths.jobs(), (tree, reply) -> tree.commit(changes, reply));
  }

  /**
   * Commits changes of an operator together with their audit entry; the answer may be a refusal, or no answer.
   *
   * @throws io.zookit.core.ZkException if this client may not write the audit
   */
  Answer<List<Stamp>> commit(List<WriteOp> changes, AuditedChange audited)
      throws InterruptedException {
    Answer<List<Stamp>> answer = ask(
        paths.jobs(),
        (ZkSessionTree tree, Consumer<Answer<List<Stamp>>> reply) ->
            tree.commit(changes, audited, reply));
    if (answer.code() == Code.NOAUTH && answer.value() == null) {
      throw KeeperErrors.of(Code.NOAUTH, AuditWriter.folder(client.rootPath()));
    }
    return answer;
  }

  /** Commits, and says in which session. */
  SessionReply<List<Stamp>> commitInSession(List<WriteOp> changes) throws InterruptedException {
    return askInSession(paths.jobs(), (tree, reply) -> tree.commit(changes, reply));
  }

  /** Reads a node behind a {@code sync}, and says in which session. */
  SessionReply<List<Found>> readInSession(ZkPath path) throws InterruptedException {
    return askInSession(path, (tree, reply) -> {
      tree.sync();
      tree.read(List.of(path), reply);
    });
  }

  /** Makes folders. */
  Optional<Boolean> ensure(List<ZkPath> folders) throws InterruptedException {
    return value(folders.get(0), (tree, reply) -> tree.ensure(folders, reply));
  }

  /** The cluster's time: the leader's, unless the nodes do not believe it. */
  Optional<Long> now() throws InterruptedException {
    ZkPath clock = paths.clock();
    long sent = client.timekeeper().nanos();
    Answer<List<Stamp>> written = commit(List.of(new WriteOp.Put(clock, new byte[0], -1)));
    if (written.code() == Code.NONODE) {
      ensure(List.of(paths.jobs()));
      sent = client.timekeeper().nanos();
      written = commit(List.of(new WriteOp.Make(clock, new byte[0], false)));
    }
    if (written.code() == Code.NOAUTH) {
      throw KeeperErrors.of(Code.NOAUTH, clock);
    }
    if (!written.isOk()) {
      return Optional.empty();
    }
    long stamp = written.get().get(0).mtime();
    long age = Math.max(0, client.timekeeper().nanos() - sent) / 1_000_000;
    return nodes().map(nodes -> believed(stamp, age, nodes));
  }

  private long believed(long stamp, long age, List<ConnectedNode> nodes) {
    List<Long> walls = new ArrayList<>(List.of(client.timekeeper().now().toEpochMilli()));
    List<Long> shared = new ArrayList<>();
    for (ConnectedNode node : nodes) {
      walls.add(node.record.wallClock());
      Long theirs = node.record.clusterClock();
      if (theirs != null) {
        shared.add(theirs);
      }
    }
    ClusterClock clock = new ClusterClock(client.timekeeper());
    clock.vote(stamp, walls, shared);
    return clock.isKnown() ? clock.now() + (clock.isDoubted() ? 0 : Math.min(age, 1)) : stamp;
  }

  /** A node's znode. */
  record ConnectedNode(String id, NodeRecord record) {}

  /** The nodes that are connected, but for those whose records this version cannot read. */
  Optional<List<ConnectedNode>> nodes() throws InterruptedException {
    Optional<List<String>> names = list(paths.nodes());
    if (names.isEmpty() || names.get().isEmpty()) {
      return names.map(none -> List.of());
    }
    Optional<List<Found>> read =
        read(names.get().stream().map(paths.nodes()::own).toList());
    if (read.isEmpty()) {
      return Optional.empty();
    }
    List<ConnectedNode> members = new ArrayList<>();
    for (int i = 0; i < names.get().size(); i++) {
      Found found = read.get().get(i);
      if (found.exists()
          && Records.NODE.decode(found.data()) instanceof Decoded.Value<NodeRecord> node) {
        members.add(new ConnectedNode(names.get().get(i), node.value()));
      }
    }
    return Optional.of(members);
  }

  private <T> Optional<T> value(ZkPath path, BiConsumer<ZkSessionTree, Consumer<Answer<T>>> request)
      throws InterruptedException {
    return valueOf(ask(path, request), path);
  }

  private static <T> Optional<T> valueOf(Answer<T> answer, ZkPath path) {
    if (answer.isOk()) {
      return Optional.of(answer.get());
    }
    if (answer.isAnswered()) {
      throw KeeperErrors.of(answer.code(), path);
    }
    return Optional.empty();
  }

  private <T> Answer<T> ask(ZkPath path, BiConsumer<ZkSessionTree, Consumer<Answer<T>>> request)
      throws InterruptedException {
    return askInSession(path, request).answer();
  }

  private <T> SessionReply<T> askInSession(
      ZkPath path, BiConsumer<ZkSessionTree, Consumer<Answer<T>>> request)
      throws InterruptedException {
    return calls.ask(
        path,
        (handle, reply) -> request.accept(
            new ZkSessionTree(client, handle),
            answer -> reply.accept(new SessionReply<>(answer, handle))));
  }
}
