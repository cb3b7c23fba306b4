package io.zookit.id.internal.sequence;

import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.id.IdBlockedException;
import io.zookit.id.IdMismatchException;
import io.zookit.id.IdNotFoundException;
import io.zookit.id.IdUnavailableException;
import io.zookit.id.internal.record.IdNode;
import io.zookit.id.internal.record.IdRecord;
import io.zookit.id.internal.record.RecordState;
import io.zookit.id.internal.record.SeenRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record and the counter of a name of numbers, and their transitions.
 *
 * <pre>
 *   ids/&lt;name&gt;      the record; its version fences every write of the counter
 *   ids/&lt;name&gt;/~n   empty; its version counts the steps of this generation
 * </pre>
 *
 * <p>A roll, raise or resize first seals the record, which refuses every allocation sent before, and then finishes: the counter,
 * which stands still now, is read behind the seal and replaced by a new one, whose base is not less than all that was
 * allocated. If the client that sealed dies, the next one that reads the seal finishes.
 *
 * <p><i>Threads:</i> on the loop.
 *
 * <p><i>Failure:</i> what was not answered fails with {@link IdUnavailableException}. All transitions may be repeated.
 */
class NumberRecords {

  private static final Logger log = LoggerFactory.getLogger(NumberRecords.class);

  private static final int MOST_TRIES = 32;
  private static final byte[] NO_DATA = {};

  /** The result of one read: the record, and the counter if there is one. */
  record NumberNodes(SeenRecord seen, @Nullable Stat counter) {}

  private final CoreClient client;
  private final IdNode node;
  private final String kind;

  /** The records of a name. */
  NumberRecords(CoreClient client, IdNode node, String kind) {
    this.client = client;
    this.node = node;
    this.kind = kind;
  }

  /** Creates the record and the counter, unless the name exists. */
  CompletableFuture<Void> create(SessionHandle handle, IdRecord first) {
    List<Op> ops = creating(first);
    // What exists is compared when it is opened.
    return create(handle, reply -> handle.multi(ops, reply)).thenApply(created -> null);
  }

  /**
   * Creates the record and the counter as an operator.
   *
   * @return fails with {@link IdMismatchException} if the name exists
   */
  CompletableFuture<Void> createNew(SessionHandle handle, IdRecord first, AuditedChange change) {
    List<Op> ops = creating(first);
    return create(handle, reply -> client.audit().commit(handle, change, ops, reply))
        .thenAccept(created -> {
          if (!created) {
            throw new IdMismatchException(
                "ids " + node.name() + ": exists (expected: a new name); nothing was changed");
          }
        });
  }

  private List<Op> creating(IdRecord first) {
    return List.of(
        Op.create(
            node.path().value(),
            IdRecord.CODEC.encode(first),
            client.acl(node.path()),
            CreateMode.PERSISTENT),
        createCounter());
  }

  /** Returns false if the name exists. */
  private CompletableFuture<Boolean> create(
      SessionHandle handle, Consumer<Consumer<Answer<List<OpResult>>>> transaction) {
    CompletableFuture<Boolean> created = new CompletableFuture<>();
    CreateWithParents.<List<OpResult>>of(handle, node.folders(), transaction, answer -> {
          if (answer.isOk() || IdNode.isExisting(answer)) {
            created.complete(answer.isOk());
          } else {
            created.completeExceptionally(failure(answer, "the name may have been created"));
          }
        })
        .missingIf(answer -> Multi.isRefusedAt(0, answer))
        .send();
    return created;
  }

  private Op createCounter() {
    return Op.create(
        node.counter().value(), NO_DATA, client.acl(node.counter()), CreateMode.PERSISTENT);
  }

  /**
   * Reads record and counter in one request, so that the counter of a seal that was read is the one that stands still.
   *
   * @return fails with {@link IdNotFoundException} if there is no record
   */
  CompletableFuture<NumberNodes> read(SessionHandle handle) {
    CompletableFuture<NumberNodes> done = new CompletableFuture<>();
    handle.sync(node.path(), synced -> {});
    List<String> paths = List.of(node.path().value(), node.counter().value());
    Multi.readNodes(handle, paths, answers -> {
      Answer<SessionHandle.Node> record = answers.get(0);
      Answer<SessionHandle.Node> counter = answers.get(1);
      if (record.code() == Code.NONODE) {
        done.completeExceptionally(new IdNotFoundException(
            this + ": does not exist, and is created only explicitly, by createFrom"));
      } else if (!record.isOk()) {
        done.completeExceptionally(failure(record, "nothing was changed"));
      } else if (!counter.isOk() && counter.code() != Code.NONODE) {
        done.completeExceptionally(failure(counter, "nothing was changed"));
      } else {
        try {
          SeenRecord seen = node.decode(record.get());
          requireKind(seen.record());
          done.complete(new NumberNodes(seen, counter.isOk() ? counter.get().stat() : null));
        } catch (RuntimeException e) {
          done.completeExceptionally(e);
        }
      }
    });
    return done;
  }

  private void requireKind(IdRecord record) {
    if (!record.kind().equals(kind)) {
      throw new IdMismatchException(
          "ids " + node.name() + ": kind " + record.kind() + " (expected: " + kind + ")");
    }
  }

  /** Reads the record until it is open, and finishes the seals that it finds. */
  CompletableFuture<OpenNumbers> open(SessionHandle handle) {
    return open(handle, 1);
  }

  private CompletableFuture<OpenNumbers> open(SessionHandle handle, int tries) {
    return read(handle).thenCompose(nodes -> {
      IdRecord record = nodes.seen.record();
      Stat counter = nodes.counter;
      if (record.state() == RecordState.BLOCKED) {
        throw new IdBlockedException(this + ": blocked: " + record.reason()
            + "; no ids until it is raised to " + record.atLeast() + " or more");
      }
      if (record.state() == RecordState.SEALED) {
        if (tries == MOST_TRIES) {
          throw new IdUnavailableException(this + ": sealed again and again; nothing was changed");
        }
        return finish(handle, nodes).thenCompose(done -> open(handle, tries + 1));
      }
      if (counter == null) {
        throw new IdBlockedException(this + ": its counter " + node.counter()
            + " does not exist; no ids until it is raised");
      }
      return CompletableFuture.completedFuture(
          new OpenNumbers(nodes.seen, counter.getCzxid(), counter.getVersion()));
    });
  }

  /**
   * Opens the next generation of a seal.
   *
   * @return done also if another client was faster
   */
  CompletableFuture<Void> finish(SessionHandle handle, NumberNodes seal) {
    List<Op> ops = finishing(seal);
    CompletableFuture<Void> done = new CompletableFuture<>();
    handle.multi(ops, answer -> {
      if (answer.isOk() || isOvertaken(answer)) {
        done.complete(null);
      } else {
        done.completeExceptionally(failure(answer, "nothing was allocated"));
      }
    });
    return done;
  }

  /** The transaction that opens the next generation. */
  List<Op> finishing(NumberNodes seal) {
    IdRecord record = seal.seen.record();
    Stat counter = seal.counter;
    if (counter == null) {
      if (record.atLeast() == null) {
        throw new IdBlockedException(this + ": its counter " + node.counter()
            + " does not exist; no ids until it is raised");
      }
      return List.of(node.replace(seal.seen, next(record, 0)), createCounter());
    }
    int version = counter.getVersion();
    if (version < 0) {
      throw new IdBlockedException(this + ": its counter " + node.counter() + " has version "
          + version + " (expected: 0 or more), which Zookit never writes");
    }
    return List.of(
        node.replace(seal.seen, next(record, version)),
        Op.delete(node.counter().value(), version),
        createCounter());
  }

  /** The record of the next generation, of whose predecessor the counter has a version. */
  IdRecord next(IdRecord seal, int version) {
    try {
      return seal.toFinished(seal.lastNumber(version));
    } catch (ArithmeticException e) {
      throw new IdBlockedException(
          this + ": its numbers are used up: " + version + " steps of " + seal.stepOrOne()
              + " from " + seal.base() + " exceed 63 bits",
          e);
    }
  }

  /**
   * Replaces the record.
   *
   * @return false if it has changed meanwhile
   */
  CompletableFuture<Boolean> replace(SessionHandle handle, SeenRecord seen, IdRecord next) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    handle.multi(List.of(node.replace(seen, next)), answer -> {
      if (answer.isOk() || isOvertaken(answer)) {
        done.complete(answer.isOk());
      } else {
        done.completeExceptionally(failure(answer, "the record may have been replaced"));
      }
    });
    return done;
  }

  /** Replaces the record as an operator: the audit has it. */
  private CompletableFuture<Boolean> replace(
      SessionHandle handle, SeenRecord seen, IdRecord next, AuditedChange change) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    client.audit().commit(handle, change, List.of(node.replace(seen, next)), answer -> {
      if (answer.isOk() || answer.code() == Code.BADVERSION) {
        done.complete(answer.isOk());
      } else {
        done.completeExceptionally(failure(answer, "the outcome is unknown; it may be repeated"));
      }
    });
    return done;
  }

  /**
   * Seals the record as an operator, whatever its state, and finishes the seal.
   *
   * @param seal returns the seal of a record
   */
  CompletableFuture<OpenNumbers> change(
      SessionHandle handle, AuditedChange change, UnaryOperator<IdRecord> seal) {
    return change(handle, change, seal, 1);
  }

  private CompletableFuture<OpenNumbers> change(
      SessionHandle handle, AuditedChange change, UnaryOperator<IdRecord> seal, int tries) {
    return read(handle).thenCompose(nodes -> {
      if (tries == MOST_TRIES) {
        throw new IdUnavailableException(
            this + ": its record changes all the time; nothing was changed");
      }
      if (nodes.seen.record().state() == RecordState.SEALED) {
        return finish(handle, nodes).thenCompose(done -> change(handle, change, seal, tries + 1));
      }
      IdRecord next = seal.apply(nodes.seen.record());
      return replace(handle, nodes.seen, next, change)
          .thenCompose(
              replaced -> replaced ? open(handle) : change(handle, change, seal, tries + 1));
    });
  }

  /** Blocks the name, because an answer contradicts what this process remembers; what is blocked already stays so. */
  CompletableFuture<Void> block(SessionHandle handle, NumberMemory memory, String reason) {
    return block(handle, memory, reason, 1);
  }

  private CompletableFuture<Void> block(
      SessionHandle handle, NumberMemory memory, String reason, int tries) {
    return read(handle).thenCompose(nodes -> {
      IdRecord record = nodes.seen.record();
      if (record.state() == RecordState.BLOCKED || tries == MOST_TRIES) {
        return CompletableFuture.completedFuture(null);
      }
      long least = Math.addExact(memory.highest(), 1);
      return replace(handle, nodes.seen, record.toBlocked(reason, memory.generation(), least))
          .thenCompose(replaced -> {
            if (replaced) {
              log.error("{}: blocked: {}", this, reason);
              return CompletableFuture.completedFuture(null);
            }
            return block(handle, memory, reason, tries + 1);
          });
    });
  }

  /** Tells if a transaction was refused because the nodes are not those that were read. */
  static boolean isOvertaken(Answer<List<OpResult>> answer) {
    return answer.isAnswered()
        && Multi.refusedAt(answer) >= 0
        && (answer.code() == Code.BADVERSION || answer.code() == Code.NONODE);
  }

  /** The exception of an answer that is not {@code OK}. */
  RuntimeException failure(Answer<?> answer, String effect) {
    if (!answer.sent()) {
      return new IdUnavailableException(this + ": not connected; nothing was sent");
    }
    return answer.isAnswered()
        ? KeeperErrors.of(answer, node.path())
        : new IdUnavailableException(
            this + ": no answer from ZooKeeper (" + answer.code() + "); " + effect);
  }

  @Override
  public String toString() {
    return kind + " " + node.name();
  }
}
