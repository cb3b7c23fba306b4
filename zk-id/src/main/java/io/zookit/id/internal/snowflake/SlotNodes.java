package io.zookit.id.internal.snowflake;

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
 * <p><i>Threads:</i> on the loop. <i>Failure:</i> what was not answered fails with {@link IdUnavailableException}.
 */
final class SlotNodes {

  private static final int MOST_TRIES = 32;
  private static final int MOST_CREATES = 128;
  private static final byte[] NO_DATA = {};

  private final CoreClient client;
  private final IdNode node;
  private final IdLayout layout;
  private final LeaderClock clock;
  private final long widest;

  /**
   * The nodes of a name.
   *
   * @param clock learns the leader's time
   * @param widest ticks of the longest window
   */
  SlotNodes(CoreClient client, IdNode node, IdLayout layout, LeaderClock clock, long widest) {
    this.client = client;
    this.node = node;
    this.layout = layout;
    this.clock = clock;
    this.widest = widest;
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
      case SEALED -> openNext(handle, seen);
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
    if (!record.kind().equals(IdRecord.SNOWFLAKE)) {
      throw new IdMismatchException("ids " + node.name() + ": kind " + record.kind()
          + " (expected: " + IdRecord.SNOWFLAKE + ")");
    }
    StoredLayout stored = record.layout();
    if (stored == null || !stored.toLayout().equals(layout)) {
      throw new IdMismatchException(this + ": layout " + layout + " (expected: "
          + (stored == null ? "none" : stored.toLayout().toString()) + ", as stored)");
    }
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
        done.complete(null);
      } else if (tries == MOST_TRIES) {
        done.completeExceptionally(
            new IdUnavailableException(this + ": its slots could not be created"));
      } else {
        createAll(handle, seen, missing, done, tries);
      }
    });
    return done;
  }

  private void createAll(
      SessionHandle handle,
      SeenRecord seen,
      List<Op> missing,
      CompletableFuture<Void> done,
      int tries) {
    List<CompletableFuture<Boolean>> parts = new ArrayList<>();
    for (List<Op> batch : Multi.batches(missing, MOST_CREATES)) {
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
