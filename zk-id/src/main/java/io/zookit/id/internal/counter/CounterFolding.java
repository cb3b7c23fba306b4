package io.zookit.id.internal.counter;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.SeenRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the sum of a counter, and folds members that have ended into its total.
 *
 * <pre>
 *   sum    ~t, ~m, ~m/*, ~t             again if ~t has changed meanwhile
 *   fold   check(record)  create(~a/x)  delete(~a/x)  setData(~m/x, version read → folded)  setData(~t, version read → with it)
 * </pre>
 *
 * <p>A fold moves a member's sum into the total in one transaction. The create and delete of the node that shows the member
 * as alive prove that it has ended; the version proves that nothing was added since the sum was read.
 *
 * <p><i>Threads:</i> on the loop.
 */
class CounterFolding {

  private static final Logger log = LoggerFactory.getLogger(CounterFolding.class);
  private static final int MOST_TRIES = 32;
  private static final int MOST_FOLDS = 64;

  /** From then on an addition of the member that is still under way has an unknown outcome. */
  private static final Duration KEPT = Duration.ofDays(7);

  /** A member as it was read. */
  private record ReadMember(String nonce, PartialSum stored, Stat stat) {}

  /** A total as it was read. */
  private record ReadTotal(long total, int version) {}

  /** All of a counter, as it was at one moment. */
  private record CounterReading(ReadTotal total, List<ReadMember> members) {

    long sum() {
      long sum = total.total;
      for (ReadMember each : members) {
        sum = Math.addExact(sum, each.stored.folded() ? 0 : each.stored.sum());
      }
      return sum;
    }
  }

  private final CoreClient client;
  private final CounterNodes nodes;
  private boolean folds;

  CounterFolding(CoreClient client, CounterNodes nodes) {
    this.client = client;
    this.nodes = nodes;
  }

  /** Reads the sum, and folds what has ended. */
  CompletableFuture<Long> sum(SessionHandle handle) {
    return nodes.records().open(handle, List.of()).thenCompose(opened -> {
      return read(handle, 1).thenApply(reading -> {
        foldDead(handle, opened.seen(), reading);
        return reading.sum();
      });
    });
  }

  /**
   * Returns the operations that raise the sum to a number, and create what was deleted.
   *
   * @param atLeast the sum is not less
   */
  CompletableFuture<List<Op>> raising(SessionHandle handle, long atLeast) {
    CompletableFuture<List<Op>> done = new CompletableFuture<>();
    handle.sync(nodes.total(), synced -> {});
    List<Op> missing = new ArrayList<>();
    handle.exists(nodes.members(), null, answer -> addMissing(answer, missing, nodes.members()));
    handle.exists(nodes.alive(), null, answer -> addMissing(answer, missing, nodes.alive()));
    handle.exists(nodes.total(), null, total -> {
      if (total.code() == Code.NONODE) {
        missing.add(nodes
            .records()
            .create(nodes.total(), TotalRecord.CODEC.encode(new TotalRecord(atLeast))));
        done.complete(missing);
      } else if (!total.isOk()) {
        done.completeExceptionally(nodes.records().failure(total, "nothing was changed"));
      } else if (!missing.isEmpty()) {
        done.complete(missing);
      } else {
        read(handle, 1).whenComplete((reading, failure) -> {
          if (failure != null) {
            done.completeExceptionally(IdCalls.causeOf(failure));
          } else {
            long more = Math.max(0, atLeast - reading.sum());
            done.complete(
                List.of(nodes.setTotal(reading.total.total + more, reading.total.version)));
          }
        });
      }
    });
    return done;
  }

  private void addMissing(Answer<Stat> answer, List<Op> missing, ZkPath folder) {
    if (answer.code() == Code.NONODE) {
      missing.add(nodes.createFolder(folder));
    }
  }

  private CompletableFuture<CounterReading> read(SessionHandle handle, int tries) {
    if (tries == MOST_TRIES) {
      throw new IdUnavailableException(
          nodes.records() + ": members are folded all the time; nothing was changed");
    }
    handle.sync(nodes.total(), synced -> {});
    CompletableFuture<ReadTotal> before = readTotal(handle);
    CompletableFuture<List<ReadMember>> members = readMembers(handle);
    return before.thenCompose(first -> members.thenCompose(all -> {
      return readTotal(handle).thenCompose(last -> {
        return isSame(first.version, last.version)
            ? CompletableFuture.completedFuture(new CounterReading(last, all))
            : read(handle, tries + 1);
      });
    }));
  }

  /** Tells if no member was folded between two reads of the total. */
  boolean isSame(int before, int after) {
    return before == after;
  }

  private CompletableFuture<ReadTotal> readTotal(SessionHandle handle) {
    CompletableFuture<ReadTotal> done = new CompletableFuture<>();
    handle.getData(nodes.total(), null, read -> {
      try {
        if (read.code() == Code.NONODE) {
          done.completeExceptionally(nodes.records().missing(nodes.total()));
        } else if (!read.isOk()) {
          done.completeExceptionally(nodes.records().failure(read, "nothing was changed"));
        } else {
          TotalRecord total = CounterNodes.decode(TotalRecord.CODEC, read.get(), nodes.total());
          done.complete(new ReadTotal(total.total(), read.get().stat().getVersion()));
        }
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  private CompletableFuture<List<ReadMember>> readMembers(SessionHandle handle) {
    CompletableFuture<List<ReadMember>> done = new CompletableFuture<>();
    handle.list(nodes.members(), listed -> {
      if (listed.code() == Code.NONODE) {
        done.completeExceptionally(nodes.records().missing(nodes.members()));
      } else if (!listed.isOk()) {
        done.completeExceptionally(nodes.records().failure(listed, "nothing was changed"));
      } else if (listed.get().isEmpty()) {
        done.complete(List.of());
      } else {
        List<String> nonces = listed.get();
        List<String> paths =
            nonces.stream().map(nonce -> nodes.member(nonce).value()).toList();
        Multi.readNodes(handle, paths, answers -> {
          try {
            done.complete(members(nonces, answers));
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
      }
    });
    return done;
  }

  private List<ReadMember> members(List<String> nonces, List<Answer<SessionHandle.Node>> answers) {
    List<ReadMember> members = new ArrayList<>();
    for (int i = 0; i < nonces.size(); i++) {
      Answer<SessionHandle.Node> read = answers.get(i);
      if (read.isOk()) {
        PartialSum stored =
            CounterNodes.decode(PartialSum.CODEC, read.get(), nodes.member(nonces.get(i)));
        members.add(new ReadMember(nonces.get(i), stored, read.get().stat()));
      } else if (read.code() != Code.NONODE) { // that one was folded long ago
        throw nodes.records().failure(read, "nothing was changed");
      }
    }
    return members;
  }

  // Folds.

  /** Folds members that have ended, in the background. */
  void foldDead(SessionHandle handle, SeenRecord seen) {
    if (!folds) {
      read(handle, 1).whenComplete((reading, failure) -> {
        if (failure == null) {
          foldDead(handle, seen, reading);
        } else {
          log.debug("{}: nothing is folded now", nodes.records(), failure);
        }
      });
    }
  }

  private void foldDead(SessionHandle handle, SeenRecord seen, CounterReading reading) {
    if (folds) {
      return;
    }
    folds = true;
    handle.list(nodes.alive(), listed -> {
      Deque<ReadMember> dead = new ArrayDeque<>();
      if (listed.isOk()) {
        Set<String> living = new HashSet<>(listed.get());
        reading.members.stream()
            .filter(each -> !living.contains(each.nonce))
            .limit(MOST_FOLDS)
            .forEach(dead::add);
      }
      foldNext(handle, seen, reading.total, dead);
    });
  }

  private void foldNext(
      SessionHandle handle, SeenRecord seen, ReadTotal total, Deque<ReadMember> dead) {
    ReadMember next = dead.poll();
    if (next == null || total.version >= IdNode.VERSION_LIMIT) {
      folds = false;
    } else if (next.stored.folded()) {
      deleteOld(handle, next);
      foldNext(handle, seen, total, dead);
    } else {
      long sum = Math.addExact(total.total, next.stored.sum());
      handle.multi(folding(seen, next, sum, total.version), answer -> {
        if (answer.isOk()) {
          int last = answer.get().size() - 1;
          foldNext(handle, seen, new ReadTotal(sum, Multi.statAt(last, answer).getVersion()), dead);
        } else {
          log.debug("{}: member {} is not folded now: {}", this, next.nonce, answer.code());
          folds = false; // others fold, too, or the member is alive
        }
      });
    }
  }

  private List<Op> folding(SeenRecord seen, ReadMember member, long sum, int version) {
    List<Op> ops = new ArrayList<>();
    ops.add(nodes.records().node().check(seen));
    ops.addAll(proofOfEnd(member.nonce));
    PartialSum folded = new PartialSum(member.stored.sum(), member.stored.by(), true);
    ops.add(nodes.set(member.nonce, folded, conditionOf(member.stat.getVersion())));
    ops.add(nodes.setTotal(sum, version));
    return ops;
  }

  /** The operations that are refused if a member is alive. */
  List<Op> proofOfEnd(String nonce) {
    return List.of(nodes.createAlive(nonce), Op.delete(nodes.alive(nonce).value(), -1));
  }

  /** The version that the node of a member must have. */
  int conditionOf(int version) {
    return version;
  }

  private void deleteOld(SessionHandle handle, ReadMember member) {
    Instant folded = Instant.ofEpochMilli(member.stat.getMtime());
    if (folded.plus(KEPT).isBefore(client.timekeeper().now())) {
      handle.delete(nodes.member(member.nonce), member.stat.getVersion(), deleted -> {});
    }
  }

  @Override
  public String toString() {
    return nodes.records().toString();
  }
}
