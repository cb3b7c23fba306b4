package io.zookit.id.internal.sequence;

import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdBlockedException;
import io.zookit.id.IdMismatchException;
import io.zookit.id.IdNotFoundException;
import io.zookit.id.internal.record.IdCalls;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.id.internal.record.RecordState;
import io.zookit.id.internal.record.SeenRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Allocates the numbers of a name to this process.
 *
 * <pre>
 *   check(record, version read)  setData(~n, empty, any version)      → the version v of the counter
 * </pre>
 *
 * <p>{@code base + v · step} is the last of {@code step} numbers. The write of the counter has no condition, so allocations
 * never refuse each other, and their numbers increase in the order in which they are committed. A roll, raise or
 * resize replaces the record, whose check then refuses every allocation that was sent before.
 *
 * <p>An allocation that is not answered is given up: its numbers are skipped, never handed out. One that is refused because the
 * record has changed is sent again with the record as it is now.
 *
 * <p>Each answer is compared with what this process remembers; a contradiction discards the numbers and blocks the name.
 *
 * <p>One for each client and name, shared by its handles. <i>Threads:</i> on the loop, unless stated otherwise.
 *
 * <p><i>Cost:</i> one transaction in one round trip; two more for the first one, after a roll, and after a refusal.
 */
public class NumberLine {

  private static final Logger log = LoggerFactory.getLogger(NumberLine.class);

  private static final int MOST_TRIES = 32;
  private static final byte[] NO_DATA = {};

  private final CoreClient client;
  private final IdNode node;
  private final String kind;
  private final int rollAt;
  private final NumberRecords records;
  private @Nullable OpenNumbers known;
  private @Nullable CompletableFuture<OpenNumbers> opening;
  private @Nullable NumberMemory memory;

  /**
   * The numbers of a name.
   *
   * @param kind of the ids
   * @param rollAt the version of the counter from which it is replaced
   */
  NumberLine(CoreClient client, IdNode node, String kind, int rollAt) {
    this(client, node, kind, rollAt, new NumberRecords(client, node, kind));
  }

  /** Numbers with given transitions. */
  NumberLine(CoreClient client, IdNode node, String kind, int rollAt, NumberRecords records) {
    this.client = client;
    this.node = node;
    this.kind = kind;
    this.rollAt = rollAt;
    this.records = records;
  }

  /** The client. */
  public CoreClient client() {
    return client;
  }

  /**
   * Creates the name unless it exists. From any thread.
   *
   * @param first the first number
   * @return fails with {@link IdMismatchException} if the name exists with another kind, and with {@link IdBlockedException}
   *     if this process remembers it with numbers that would be allocated again
   */
  public CompletableFuture<Void> create(long first, long step) {
    return onLoop(handle -> {
      client.requireTrusted();
      return opened(handle).handle((open, failure) -> failure).thenCompose(failure -> {
        if (failure == null) {
          return CompletableFuture.completedFuture(null);
        }
        return IdCalls.causeOf(failure) instanceof IdNotFoundException
            ? createAbsent(handle, first, step)
            : CompletableFuture.failedFuture(IdCalls.causeOf(failure));
      });
    });
  }

  private CompletableFuture<Void> createAbsent(SessionHandle handle, long first, long step) {
    return records
        .create(handle, firstRecord(first, step))
        .thenCompose(created -> opened(handle))
        .thenApply(open -> null);
  }

  private IdRecord firstRecord(long first, long step) {
    NumberMemory remembered = memory;
    if (remembered != null && first <= remembered.highest()) {
      throw new IdBlockedException(this + ": was deleted after number " + remembered.highest()
          + ", and would begin again at " + first + " (expected: greater)");
    }
    return IdRecord.numbers(kind, first, step, client.incarnation());
  }

  /**
   * Creates the name as an operator. From any thread.
   *
   * @param first the first number
   * @return fails with {@link IdMismatchException} if the name exists
   */
  CompletableFuture<Void> createNew(long first, long step) {
    AuditedChange change =
        AuditedChange.of("id.create", node.name()).with(kind + " from " + first + ", size " + step);
    return onLoop(handle -> {
      client.requireTrusted();
      return records.createNew(handle, firstRecord(first, step), change);
    });
  }

  /**
   * Allocates numbers. From any thread.
   *
   * @param steps how many steps, 1 or more, in one transaction
   */
  public CompletableFuture<NumberRange> allocate(int steps) {
    return onLoop(handle -> allocate(handle, steps, 1));
  }

  /**
   * Raises the next number, and approves the data of a name that is blocked or of an earlier incarnation. From any thread.
   *
   * @param atLeast the next number is not less
   */
  public CompletableFuture<OpenNumbers> raise(long atLeast) {
    AuditedChange change = AuditedChange.of("id.raise", node.name()).with("at least " + atLeast);
    return change(change, record -> {
      long approved = Math.max(record.incarnation(), client.incarnation());
      return record.toSealed(atLeast, null, approved);
    });
  }

  /**
   * Changes the size of segments. From any thread.
   *
   * @param size numbers of a segment
   */
  public CompletableFuture<OpenNumbers> resize(long size) {
    AuditedChange change = AuditedChange.of("id.resize", node.name()).with("size " + size);
    return change(change, record -> {
      if (record.state() == RecordState.BLOCKED) {
        throw new IdBlockedException(
            this + ": blocked: " + record.reason() + "; it has to be raised first");
      }
      record.requireApproved(this, client.incarnation());
      return record.toSealed(null, size, record.incarnation());
    });
  }

  private CompletableFuture<OpenNumbers> change(
      AuditedChange change, UnaryOperator<IdRecord> seal) {
    return onLoop(handle -> {
      client.requireTrusted();
      known = null;
      return records.change(handle, change, seal);
    });
  }

  private <T> CompletableFuture<T> onLoop(Function<SessionHandle, CompletableFuture<T>> request) {
    return IdCalls.onLoop(client, this, request);
  }

  /** The record as it is known, or read now; allocations that need it at the same time share a read. */
  private CompletableFuture<OpenNumbers> opened(SessionHandle handle) {
    if (known != null && known.seen().record().incarnation() == client.incarnation()) {
      return CompletableFuture.completedFuture(known);
    }
    known = null; // in another incarnation the name may have been raised meanwhile
    if (opening != null) {
      return opening;
    }
    CompletableFuture<OpenNumbers> read = records.open(handle);
    if (!read.isDone()) {
      opening = read;
    }
    return read.whenComplete((open, failure) -> {
      opening = null;
      known = open;
    });
  }

  private CompletableFuture<NumberRange> allocate(SessionHandle handle, int steps, int tries) {
    client.requireTrusted();
    return opened(handle).thenCompose(open -> {
      open.seen().record().requireApproved(this, client.incarnation());
      CompletableFuture<NumberRange> allocated = new CompletableFuture<>();
      handle.multi(operations(open.seen(), steps), answer -> {
        try {
          onAnswer(handle, open, steps, tries, answer, allocated);
        } catch (RuntimeException e) {
          allocated.completeExceptionally(e);
        }
      });
      return allocated;
    });
  }

  /** The transaction of an allocation. */
  List<Op> operations(SeenRecord seen, int steps) {
    List<Op> ops = new ArrayList<>();
    ops.add(node.check(seen));
    for (int i = 0; i < steps; i++) {
      ops.add(Op.setData(node.counter().value(), NO_DATA, -1));
    }
    return ops;
  }

  private void onAnswer(
      SessionHandle handle,
      OpenNumbers open,
      int steps,
      int tries,
      Answer<List<OpResult>> answer,
      CompletableFuture<NumberRange> allocated) {
    if (answer.isOk()) {
      onAllocated(handle, open, steps, Multi.statAt(steps, answer), allocated);
    } else if (isRecordChanged(answer) && tries < MOST_TRIES) {
      known = known == open ? null : known;
      allocate(handle, steps, tries + 1).whenComplete((range, failure) -> {
        if (failure == null) {
          allocated.complete(range);
        } else {
          allocated.completeExceptionally(IdCalls.causeOf(failure));
        }
      });
    } else if (answer.code() == Code.NONODE && Multi.isRefusedAt(1, answer)) {
      discard(handle, open, "the counter was deleted", allocated);
    } else if (answer.isAnswered()) {
      allocated.completeExceptionally(records.failure(answer, "nothing was allocated"));
    } else {
      onUnanswered(open, steps, answer, allocated);
    }
  }

  private static boolean isRecordChanged(Answer<List<OpResult>> answer) {
    return Multi.isRefusedAt(0, answer) && NumberRecords.isOvertaken(answer);
  }

  /** Gives the numbers up: whether they were allocated is unknown. */
  void onUnanswered(
      OpenNumbers open, int steps, Answer<?> answer, CompletableFuture<NumberRange> allocated) {
    allocated.completeExceptionally(records.failure(
        answer, steps * open.seen().record().stepOrOne() + " numbers may be skipped"));
  }

  private void onAllocated(
      SessionHandle handle,
      OpenNumbers open,
      int steps,
      Stat counter,
      CompletableFuture<NumberRange> allocated) {
    client.requireTrusted();
    int version = counter.getVersion();
    if (version < steps) {
      discard(handle, open, "the counter has version " + version, allocated);
      return;
    }
    NumberRange range = range(open.seen().record(), version, steps, counter.getMtime());
    NumberMemory remembered = memory;
    if (remembered != null && isMemoryUsed()) {
      Optional<String> contradiction = remembered.contradiction(open, counter.getCzxid(), range);
      if (contradiction.isPresent()) {
        discard(handle, open, contradiction.get(), allocated);
        return;
      }
    }
    memory = NumberMemory.of(open, counter.getCzxid(), range);
    if (version >= rollAt) {
      roll(handle, open);
    }
    allocated.complete(range);
  }

  private NumberRange range(IdRecord record, int version, int steps, long millis) {
    try {
      long last = record.lastNumber(version);
      return new NumberRange(
          last - Math.multiplyExact(steps, record.stepOrOne()) + 1, last, millis);
    } catch (ArithmeticException e) {
      throw new IdBlockedException(
          this + ": its numbers are used up: step " + version + " of " + record.stepOrOne()
              + " from " + record.base() + " exceeds 63 bits",
          e);
    }
  }

  /** Drops numbers that another process may have, and blocks the name for all. */
  private void discard(
      SessionHandle handle,
      OpenNumbers open,
      String reason,
      CompletableFuture<NumberRange> allocated) {
    known = null;
    long highest = memory == null ? open.seen().record().base() : memory.highest();
    NumberMemory evidence =
        memory == null ? new NumberMemory(open.generation(), 0, 0, highest) : memory;
    records.block(handle, evidence, reason).whenComplete((blocked, failure) -> {
      if (failure != null) {
        log.warn("{}: could not be blocked for other processes: {}", this, failure.toString());
      }
      allocated.completeExceptionally(new IdBlockedException(this + ": the data were restored,"
          + " wiped or damaged: " + reason + "; no ids until it is raised to " + (highest + 1)
          + " or more"));
    });
  }

  /** Begins a roll; if this client dies now, the next allocation of any process begins or finishes it. */
  private void roll(SessionHandle handle, OpenNumbers open) {
    if (known != open) {
      return; // begun by an allocation before
    }
    known = null;
    IdRecord record = open.seen().record();
    CompletableFuture<OpenNumbers> rolled = records
        .replace(handle, open.seen(), record.toSealed(null, null, record.incarnation()))
        .thenCompose(seal -> records.open(handle));
    opening = rolled;
    rolled.whenComplete((next, failure) -> {
      opening = opening == rolled ? null : opening;
      known = next;
      if (failure != null) {
        log.warn("{}: not rolled yet: {}", this, IdCalls.causeOf(failure).toString());
      }
    });
  }

  /** The memory of this process; null before its first number. */
  @Nullable
  NumberMemory memory() {
    return memory;
  }

  /** Tells if answers are compared with what this process remembers. */
  boolean isMemoryUsed() {
    return true;
  }

  @Override
  public String toString() {
    return kind + " " + node.name();
  }
}
