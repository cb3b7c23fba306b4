package io.zookit.id.internal.snowflake;

import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdBlockedException;
import io.zookit.id.IdLayout;
import io.zookit.id.IdMismatchException;
import io.zookit.id.IdNotFoundException;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.id.internal.record.RecordState;
import io.zookit.id.internal.record.SeenRecord;
import io.zookit.id.internal.record.StoredLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * The record and the slots of a name of snowflake ids.
 *
 * <pre>
 *   ids/&lt;name&gt;             the record: the layout, and the base, which all ids of this generation exceed
 *   ids/&lt;name&gt;/~w/&lt;slot&gt;   the mark of a slot; all are created while the record is MAKING, and never again
 *   ids/&lt;name&gt;/~o/&lt;slot&gt;   EPHEMERAL: the owner of a slot
 * </pre>
 *
 * <p>A name creates itself; any client that finds it half created, or sealed, completes it.
 *
 * <p>Another layout: the seal refuses every extension that was sent before, so the marks are frozen; the new base lies behind
 * all ids of the windows that were written, as numbers. Then the marks, which are in ticks of the layout before, are reset.
 *
 * <p><i>Threads:</i> on the loop. <i>Failure:</i> what was not answered fails with {@link IdUnavailableException}.
 */
class SlotNodes {

  private static final int MOST_TRIES = 32;
  private static final int MOST_CREATES = 128;
  private static final byte[] NO_DATA = {};
  private static final long WIDEST_MILLIS = 60_000;
  private static final long MILLIS_A_SLOT = 30;

  private final CoreClient client;
  private final IdNode node;
  private final IdLayout layout;
  private final LeaderClock clock;
  private final long widest;

  /** The nodes of a name. */
  SlotNodes(CoreClient client, IdNode node, IdLayout layout) {
    this.client = client;
    this.node = node;
    this.layout = layout;
    this.clock = new LeaderClock(client.timekeeper(), layout);
    this.widest =
        Math.max(WIDEST_MILLIS, layout.slots() * MILLIS_A_SLOT) / layout.tick().toMillis();
  }

  /** The clock, which learns the leader's time here. */
  LeaderClock clock() {
    return clock;
  }

  /** The ticks of the longest window. */
  long widest() {
    return widest;
  }

  /** The node of the record. */
  IdNode record() {
    return node;
  }

  /** The path of the marks. */
  ZkPath marks() {
    return node.path().own("~w");
  }

  /** The path of a mark. */
  ZkPath mark(int slot) {
    return marks().own(Integer.toString(slot));
  }

  /** The path of the owners. */
  ZkPath owners() {
    return node.path().own("~o");
  }

  /** The path of an owner. */
  ZkPath owner(int slot) {
    return owners().own(Integer.toString(slot));
  }

  /** Reads the record, and completes it until it is open for this client's incarnation. */
  CompletableFuture<SeenRecord> open(SessionHandle handle) {
    return open(handle, 1);
  }

  private CompletableFuture<SeenRecord> open(SessionHandle handle, int tries) {
    if (tries == MOST_TRIES) {
      throw new IdUnavailableException(this + ": its record changes all the time");
    }
    CompletableFuture<Answer<SessionHandle.Node>> read = new CompletableFuture<>();
    handle.sync(node.path(), synced -> {});
    handle.getData(node.path(), null, read::complete);
    return read.thenCompose(answer -> {
      if (answer.code() == Code.NONODE) {
        return create(handle).thenCompose(created -> open(handle, tries + 1));
      }
      if (!answer.isOk()) {
        throw failure(answer);
      }
      SeenRecord seen = node.decode(answer.get());
      requireSame(seen.record());
      return step(handle, seen, tries);
    });
  }

  private CompletableFuture<SeenRecord> step(SessionHandle handle, SeenRecord seen, int tries) {
    IdRecord record = seen.record();
    long incarnation = client.incarnation();
    if (incarnation < record.incarnation()) {
      throw new IdUnavailableException(this + ": in use in incarnation " + record.incarnation()
          + ", which this client has not read yet (it knows " + incarnation + ")");
    }
    CompletableFuture<Void> changed = switch (record.state()) {
      case BLOCKED -> throw new IdBlockedException(this + ": blocked: " + record.reason());
      case MAKING -> createSlots(handle, seen, 1).thenCompose(created -> openNext(handle, seen));
      case SEALED ->
        record.previous() == null
            ? openNext(handle, seen)
            : beginLayout(handle, seen, record.previous().toLayout());
      case OPEN ->
        incarnation == record.incarnation()
            ? CompletableFuture.completedFuture(null)
            : replace(handle, seen, record.toSealed(null, null, incarnation));
    };
    return record.state() == RecordState.OPEN && incarnation == record.incarnation()
        ? CompletableFuture.completedFuture(seen)
        : changed.thenCompose(done -> open(handle, tries + 1));
  }

  private void requireSame(IdRecord record) {
    IdLayout stored = requireSnowflake(record).toLayout();
    if (!stored.equals(layout)) {
      throw new IdMismatchException(
          this + ": layout " + layout + " (expected: " + stored + ", as stored)");
    }
  }

  private StoredLayout requireSnowflake(IdRecord record) {
    if (!record.kind().equals(IdRecord.SNOWFLAKE)) {
      throw new IdMismatchException("ids " + node.name() + ": kind " + record.kind()
          + " (expected: " + IdRecord.SNOWFLAKE + ")");
    }
    StoredLayout stored = record.layout();
    if (stored == null) {
      throw new UnreadableDataException(node.path() + ": has no layout");
    }
    return stored;
  }

  private CompletableFuture<Void> create(SessionHandle handle) {
    IdRecord first = IdRecord.snowflake(layout, client.incarnation());
    List<Op> ops = List.of(
        create(node.path(), IdRecord.CODEC.encode(first)),
        create(marks(), NO_DATA),
        create(owners(), NO_DATA));
    CompletableFuture<Void> created = new CompletableFuture<>();
    CreateWithParents.<List<OpResult>>of(
            handle, node.folders(), reply -> handle.multi(ops, reply), answer -> {
              if (answer.isOk() || (Multi.isRefusedAt(0, answer) && answer.code() != Code.NONODE)) {
                created.complete(null);
              } else {
                created.completeExceptionally(failure(answer));
              }
            })
        .missingIf(answer -> Multi.isRefusedAt(0, answer))
        .send();
    return created;
  }

  private Op create(ZkPath path, byte[] data) {
    return Op.create(path.value(), data, client.acl(path), CreateMode.PERSISTENT);
  }

  /** Creates the slots that do not exist; several clients may do so at the same time. */
  private CompletableFuture<Void> createSlots(SessionHandle handle, SeenRecord seen, int tries) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    handle.sync(marks(), synced -> {});
    handle.list(marks(), listed -> {
      if (!listed.isOk()) {
        done.completeExceptionally(failure(listed));
        return;
      }
      Set<String> known = new HashSet<>(listed.get());
      List<Op> missing = IntStream.range(0, layout.slots())
          .filter(slot -> !known.contains(Integer.toString(slot)))
          .mapToObj(slot -> create(mark(slot), WindowRecord.CODEC.encode(WindowRecord.UNUSED)))
          .toList();
      if (missing.isEmpty()) {
        resetMarks(handle, seen, tries, done);
      } else if (tries == MOST_TRIES) {
        done.completeExceptionally(
            new IdUnavailableException(this + ": its slots could not be created"));
      } else {
        writeAll(handle, seen, missing, done, tries);
      }
    });
    return done;
  }

  /** Resets the marks that are in ticks of another layout: all but those that were reset for this generation. */
  private void resetMarks(
      SessionHandle handle, SeenRecord seen, int tries, CompletableFuture<Void> done) {
    if (seen.record().generation() == 0) {
      done.complete(null); // a new name
      return;
    }
    String reset = "layout-" + seen.record().generation();
    byte[] data = WindowRecord.CODEC.encode(new WindowRecord(0, reset));
    List<Integer> slots = IntStream.range(0, layout.slots()).boxed().toList();
    read(handle, slots).whenComplete((marks, failure) -> {
      if (failure != null) {
        done.completeExceptionally(failure);
        return;
      }
      try {
        List<Op> ops = new ArrayList<>();
        for (int slot : slots) {
          WindowRecord mark = window(marks.get(slot));
          if (!reset.equals(mark.by()) && mark.until() > 0) {
            ops.add(Op.setData(
                mark(slot).value(), data, marks.get(slot).get().stat().getVersion()));
          }
        }
        if (ops.isEmpty()) {
          done.complete(null);
        } else if (tries == MOST_TRIES) {
          done.completeExceptionally(
              new IdUnavailableException(this + ": its slots could not be reset"));
        } else {
          writeAll(handle, seen, ops, done, tries);
        }
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
  }

  private void writeAll(
      SessionHandle handle,
      SeenRecord seen,
      List<Op> writes,
      CompletableFuture<Void> done,
      int tries) {
    List<CompletableFuture<Boolean>> parts = new ArrayList<>();
    for (List<Op> batch : Multi.batches(writes, MOST_CREATES)) {
      CompletableFuture<Boolean> part = new CompletableFuture<>();
      parts.add(part);
      List<Op> ops = new ArrayList<>();
      ops.add(node.check(seen));
      ops.addAll(batch);
      handle.multi(ops, answer -> {
        if (answer.isAnswered() && (answer.isOk() || Multi.refusedAt(answer) >= 0)) {
          part.complete(Multi.isRefusedAt(0, answer)); // another refusal: created by others
        } else {
          part.completeExceptionally(failure(answer));
        }
      });
    }
    CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .whenComplete((all, failure) -> {
          if (failure != null) {
            done.completeExceptionally(failure);
          } else if (parts.stream().anyMatch(part -> part.getNow(false))) {
            done.complete(null); // the record has changed: read it again
          } else {
            createSlots(handle, seen, tries + 1).whenComplete((created, later) -> {
              if (later == null) {
                done.complete(null);
              } else {
                done.completeExceptionally(later);
              }
            });
          }
        });
  }

  /** Begins another layout behind all ids of the windows that were written in the one before. */
  private CompletableFuture<Void> beginLayout(
      SessionHandle handle, SeenRecord seen, IdLayout before) {
    List<Integer> slots = IntStream.range(0, before.slots()).boxed().toList();
    return read(handle, slots).thenCompose(marks -> {
      long greatest = seen.record().base();
      for (Answer<SessionHandle.Node> mark : marks) {
        greatest = Math.max(greatest, window(mark).until());
      }
      long last = before.id(greatest, before.slots() - 1, before.numberOf(-1));
      long tick = baseAfter(last);
      if (tick >= layout.lastTick()) {
        throw new IdBlockedException(this + ": its " + layout.timeBits()
            + " time bits are used up by id " + last + " of the layout before (" + before + ")");
      }
      return replace(handle, seen, seen.record().toMakingAfter(tick));
    });
  }

  /** The base behind an id of another layout: ids of later ticks are greater. */
  long baseAfter(long id) {
    return layout.tickOf(id);
  }

  /**
   * Changes the layout as an operator; the audit has it.
   *
   * @return fails with {@link IdNotFoundException} if the name does not exist
   */
  CompletableFuture<SeenRecord> changeLayout(SessionHandle handle, AuditedChange change) {
    return changeLayout(handle, change, 1);
  }

  private CompletableFuture<SeenRecord> changeLayout(
      SessionHandle handle, AuditedChange change, int tries) {
    client.requireTrusted();
    if (tries == MOST_TRIES) {
      throw new IdUnavailableException(this + ": its record changes all the time");
    }
    CompletableFuture<Answer<SessionHandle.Node>> read = new CompletableFuture<>();
    handle.sync(node.path(), synced -> {});
    handle.getData(node.path(), null, read::complete);
    return read.thenCompose(answer -> {
      if (answer.code() == Code.NONODE) {
        throw new IdNotFoundException("ids " + node.name() + ": does not exist");
      }
      if (!answer.isOk()) {
        throw failure(answer);
      }
      SeenRecord seen = node.decode(answer.get());
      StoredLayout stored = requireSnowflake(seen.record());
      if (stored.toLayout().equals(layout)) {
        return open(handle);
      }
      if (seen.record().state() != RecordState.OPEN) {
        SlotNodes before = new SlotNodes(client, node, stored.toLayout());
        return before.open(handle).thenCompose(opened -> changeLayout(handle, change, tries + 1));
      }
      CompletableFuture<Void> sealed = new CompletableFuture<>();
      List<Op> ops = List.of(node.replace(seen, seen.record().toNextLayout(layout)));
      client.audit().commit(handle, change, ops, reply -> {
        if (reply.isOk() || reply.code() == Code.BADVERSION) {
          sealed.complete(null);
        } else {
          sealed.completeExceptionally(failure(reply));
        }
      });
      return sealed.thenCompose(done -> changeLayout(handle, change, tries + 1));
    });
  }

  /** Opens the next generation behind all windows that were written, and behind those that restored data do not show. */
  private CompletableFuture<Void> openNext(SessionHandle handle, SeenRecord seen) {
    List<Integer> slots = IntStream.range(0, layout.slots()).boxed().toList();
    return stamp(handle, seen).thenCompose(stamped -> {
      if (!stamped) {
        return CompletableFuture.completedFuture(null);
      }
      return read(handle, slots).thenCompose(marks -> {
        long greatest = clock.ticks();
        for (Answer<SessionHandle.Node> mark : marks) {
          greatest = Math.max(greatest, window(mark).until());
        }
        return replace(handle, seen, seen.record().toOpenAfter(greatest + 2 * widest));
      });
    });
  }

  private CompletableFuture<Void> replace(SessionHandle handle, SeenRecord seen, IdRecord next) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    handle.multi(List.of(node.replace(seen, next)), answer -> {
      if (answer.isOk() || isRecordChanged(answer)) {
        done.complete(null); // read again in any case
      } else {
        done.completeExceptionally(failure(answer));
      }
    });
    return done;
  }

  /**
   * Learns the leader's time.
   *
   * @return false if the record has changed
   */
  CompletableFuture<Boolean> stamp(SessionHandle handle, SeenRecord seen) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    List<Op> ops = List.of(node.check(seen), Op.setData(marks().value(), NO_DATA, -1));
    handle.multi(ops, answer -> {
      if (answer.isOk()) {
        clock.onWritten(Multi.statAt(1, answer).getMtime());
        done.complete(true);
      } else if (isRecordChanged(answer)) {
        done.complete(false);
      } else {
        done.completeExceptionally(failure(answer));
      }
    });
    return done;
  }

  /** Reads marks. */
  CompletableFuture<List<Answer<SessionHandle.Node>>> read(
      SessionHandle handle, List<Integer> slots) {
    CompletableFuture<List<Answer<SessionHandle.Node>>> done = new CompletableFuture<>();
    List<String> paths = slots.stream().map(slot -> mark(slot).value()).toList();
    Multi.readNodes(handle, paths, answers -> {
      answers.stream()
          .filter(answer -> !answer.isOk())
          .findFirst()
          .ifPresent(answer -> done.completeExceptionally(failure(answer)));
      done.complete(answers);
    });
    return done;
  }

  /** The mark that was read. */
  WindowRecord window(Answer<SessionHandle.Node> mark) {
    Decoded<WindowRecord> decoded = WindowRecord.CODEC.decode(mark.get().data());
    if (decoded instanceof Decoded.Value<WindowRecord> value) {
      return value.value();
    }
    throw new UnreadableDataException(this + ": a mark cannot be read: " + decoded);
  }

  /** Tells if a version is too great to be the condition of a write. */
  static boolean isWornOut(int version) {
    return version < 0 || version >= IdNode.VERSION_LIMIT;
  }

  /** The operation that writes a mark, unless it has another version. */
  Op set(MarkWrite write) {
    if (isWornOut(write.version())) {
      throw new IdBlockedException(
          this + ": slot " + write.slot() + " is worn out by " + write.version() + " windows");
    }
    return Op.setData(
        mark(write.slot()).value(), WindowRecord.CODEC.encode(write.mark()), conditionOf(write));
  }

  /** The version that the mark must have. */
  int conditionOf(MarkWrite write) {
    return write.version();
  }

  /** Tells if the mark that is stored is the one that was written. */
  boolean isOwnWrite(WindowRecord stored, MarkWrite write) {
    return stored.equals(write.mark());
  }

  /** Tells if a transaction was refused because the record is not the one that was read. */
  static boolean isRecordChanged(Answer<List<OpResult>> answer) {
    return Multi.isRefusedAt(0, answer)
        && (answer.code() == Code.BADVERSION || answer.code() == Code.NONODE);
  }

  /** The exception of an answer that is not {@code OK}. */
  RuntimeException failure(Answer<?> answer) {
    if (!answer.sent()) {
      return new IdUnavailableException(this + ": not connected; nothing was sent");
    }
    if (answer.code() == Code.NONODE) {
      return new IdBlockedException(
          this + ": a node below " + node.path() + " does not exist, and is not created again");
    }
    return answer.isAnswered()
        ? KeeperErrors.of(answer, node.path())
        : new IdUnavailableException(
            this + ": no answer from ZooKeeper (" + answer.code() + "); ids may be skipped");
  }

  @Override
  public String toString() {
    return "snowflake " + node.name();
  }
}
