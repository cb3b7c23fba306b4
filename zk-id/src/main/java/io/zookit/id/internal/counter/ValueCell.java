package io.zookit.id.internal.counter;

import io.zookit.core.LiveValue;
import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.id.internal.record.SeenRecord;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * A value that processes change one after the other.
 *
 * <pre>
 *   check(record)  setData(~v, version read → value, with this write among the last 32)
 * </pre>
 *
 * <p>A write that is not answered is repeated as it was, when there is a connection again. If it is accepted now, it has
 * happened now. If the version has moved, it happened before if it is among the last writes; if it is not, and there were at
 * most 32 since, it did not happen and never will; otherwise its outcome is unknown.
 *
 * <p>One for each client and name. <i>Threads:</i> {@link #read} and {@link #write} from any thread, everything else on the
 * loop.
 */
public class ValueCell {

  private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  /**
   * A value as it was read.
   *
   * @param version of its node, the condition of a write
   */
  public record SeenValue(SeenRecord seen, ValueRecord stored, int version, long czxid) {

    /** The value as JSON; null if it was never set. */
    public @Nullable String value() {
      return stored.value();
    }
  }

  /** A write that is not decided. */
  private static final class ValueWrite {
    final SeenValue before;
    final ValueRecord next;
    final String id;
    final CompletableFuture<Boolean> done = new CompletableFuture<>();

    /** True if an earlier try was not answered. */
    boolean repeated;

    int unansweredTries;

    ValueWrite(SeenValue before, ValueRecord next, String id) {
      this.before = before;
      this.next = next;
      this.id = id;
    }
  }

  /** The memory of this process of its last write. */
  private record KnownValue(int generation, long czxid, long changes) {}

  private final CoreClient client;
  private final SharedRecords records;
  private final ZkPath path;
  private final int rollAt;
  private final String nonce;
  private final AtomicLong writes = new AtomicLong();
  private final Set<ValueWrite> undecided = new LinkedHashSet<>();
  private @Nullable KnownValue known;

  ValueCell(CoreClient client, IdNode node, int rollAt) {
    this.client = client;
    this.path = node.path().own("~v");
    this.rollAt = rollAt;
    this.records = new SharedRecords(
        client,
        node,
        IdRecord.VALUE,
        Map.of(path, ValueRecord.CODEC.encode(ValueRecord.UNSET)),
        this::replacing);
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    this.nonce = HexFormat.of().formatHex(bytes);
  }

  /** The client. */
  public CoreClient client() {
    return client;
  }

  /** Reads the newest value. From any thread. */
  public CompletableFuture<SeenValue> read() {
    return IdCalls.onLoop(client, this, this::read);
  }

  private CompletableFuture<SeenValue> read(SessionHandle handle) {
    return records
        .open(handle, List.of(path))
        .thenApply(open -> seen(open.seen(), open.nodes().get(0)));
  }

  /** Follows the value until it is closed. From any thread. */
  public <T> LiveValue<T> follow(Function<@Nullable String, Optional<T>> decoder) {
    return ValueFollower.open(client, path, toString(), decoder);
  }

  private SeenValue seen(SeenRecord record, Answer<SessionHandle.Node> read) {
    if (read.code() == Code.NONODE) {
      throw records.missing(path);
    }
    if (!read.isOk()) {
      throw records.failure(read, "nothing was changed");
    }
    ValueRecord stored = CounterNodes.decode(ValueRecord.CODEC, read.get(), path);
    Stat stat = read.get().stat();
    return new SeenValue(record, stored, stat.getVersion(), stat.getCzxid());
  }

  /**
   * Replaces a value. From any thread.
   *
   * @param before as it was read
   * @return false if it was changed meanwhile; fails if nothing was sent, or if the outcome is unknown
   */
  public CompletableFuture<Boolean> write(SeenValue before, String value) {
    String id = nonce + "-" + writes.incrementAndGet();
    return IdCalls.onLoop(client, this, handle -> {
      client.requireTrusted();
      ValueWrite write = new ValueWrite(before, before.stored.with(value, id), id);
      send(handle, write);
      return write.done;
    });
  }

  private void send(SessionHandle handle, ValueWrite write) {
    undecided.remove(write);
    List<Op> ops = List.of(
        records.node().check(write.before.seen),
        Op.setData(path.value(), ValueRecord.CODEC.encode(write.next), write.before.version));
    handle.multi(ops, answer -> {
      try {
        onAnswer(handle, write, answer);
      } catch (RuntimeException e) {
        write.done.completeExceptionally(e);
      }
    });
  }

  private void onAnswer(SessionHandle handle, ValueWrite write, Answer<List<OpResult>> answer) {
    if (answer.isOk()) {
      onWritten(handle, write, Multi.statAt(1, answer));
    } else if (SharedRecords.isOvertaken(answer)) {
      settle(handle, write);
    } else if (answer.isAnswered()) {
      write.done.completeExceptionally(records.failure(
          answer, write.repeated ? "the outcome is unknown" : "nothing was changed"));
    } else {
      onUnanswered(write, answer);
    }
  }

  private void onUnanswered(ValueWrite write, Answer<?> answer) {
    if (answer.sent() && !mayHaveHappened()) {
      write.done.complete(false);
      return;
    }
    write.repeated |= answer.sent();
    if (!write.repeated) {
      write.done.completeExceptionally(records.failure(answer, "nothing was changed"));
      return;
    }
    undecided.add(write);
    client
        .timekeeper()
        .after(
            PAUSES.delay(write.unansweredTries++),
            () -> client.loop().execute(() -> {
              if (undecided.contains(write)) {
                client
                    .handle()
                    .filter(SessionHandle::isConnected)
                    .ifPresent(handle -> send(handle, write));
              }
            }));
  }

  /** Tells if a write that was not answered may have happened. */
  boolean mayHaveHappened() {
    return true;
  }

  private void onWritten(SessionHandle handle, ValueWrite write, Stat stat) {
    KnownValue before = known;
    int generation = write.before.seen.record().generation();
    if (before != null
        && (generation < before.generation
            || (generation == before.generation
                && (write.next.changes() <= before.changes || stat.getCzxid() != before.czxid)))) {
      String reason = "change " + write.next.changes() + " in generation " + generation + " after "
          + before.changes + " in generation " + before.generation;
      records
          .<Boolean>block(handle, reason, before.generation)
          .whenComplete(
              (blocked, failure) -> write.done.completeExceptionally(IdCalls.causeOf(failure)));
      return;
    }
    known = new KnownValue(generation, stat.getCzxid(), write.next.changes());
    if (stat.getVersion() >= rollAt) {
      records.seal(handle, write.before.seen);
    }
    write.done.complete(true);
  }

  /** The record or the value is another one: by the own write, whose answer was lost, or by others. */
  private void settle(SessionHandle handle, ValueWrite write) {
    if (!write.repeated) {
      write.done.complete(false);
      return;
    }
    read(handle).whenComplete((now, failure) -> {
      if (failure != null) {
        if (handle.isConnected()) {
          write.done.completeExceptionally(unknown(IdCalls.causeOf(failure).getMessage()));
        } else {
          undecided.add(write);
        }
      } else if (now.stored.writes().contains(write.id)) {
        write.done.complete(true);
      } else if (now.stored.changes() - write.before.stored.changes() <= ValueRecord.KEPT_WRITES) {
        write.done.complete(false);
      } else {
        write.done.completeExceptionally(
            unknown("more than " + ValueRecord.KEPT_WRITES + " changes followed it"));
      }
    });
  }

  private IdUnavailableException unknown(@Nullable String reason) {
    return new IdUnavailableException(
        this + ": the outcome of a change is unknown: its answer was lost, and " + reason);
  }

  /** The operations that replace the node of the value, whose version has become too great. */
  private CompletableFuture<List<Op>> replacing(SessionHandle handle) {
    CompletableFuture<List<Op>> done = new CompletableFuture<>();
    handle.sync(path, synced -> {});
    handle.getData(path, null, read -> {
      if (read.isOk()) {
        done.complete(List.of(
            Op.delete(path.value(), read.get().stat().getVersion()),
            records.create(path, read.get().data())));
      } else if (read.code() == Code.NONODE) {
        done.completeExceptionally(records.missing(path));
      } else {
        done.completeExceptionally(records.failure(read, "nothing was changed"));
      }
    });
    return done;
  }

  /** Approves the data as an operator, and creates a value that was deleted. */
  CompletableFuture<Void> approve(SessionHandle handle, AuditedChange change) {
    known = null;
    return records.approve(handle, change, session -> {
      CompletableFuture<List<Op>> done = new CompletableFuture<>();
      session.exists(
          path,
          null,
          answer -> done.complete(
              answer.code() == Code.NONODE
                  ? List.of(records.create(path, ValueRecord.CODEC.encode(ValueRecord.UNSET)))
                  : List.of()));
      return done;
    });
  }

  void onConnected(SessionHandle handle) {
    new ArrayList<>(undecided).forEach(write -> send(handle, write));
  }

  void close() {
    List<ValueWrite> open = new ArrayList<>(undecided);
    undecided.clear();
    open.forEach(write -> write.done.completeExceptionally(unknown("the client is closed")));
  }

  @Override
  public String toString() {
    return records.toString();
  }
}
