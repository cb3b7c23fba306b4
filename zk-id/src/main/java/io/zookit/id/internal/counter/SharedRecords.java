package io.zookit.id.internal.counter;

import io.zookit.core.internal.audit.AuditedChange;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.path.ZkPath;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of a counter or of a shared value, and its transitions. A name creates itself, but not for a process that has
 * used it before.
 *
 * <p><i>Threads:</i> on the loop. <i>Failure:</i> what was not answered fails with {@link IdUnavailableException}.
 */
final class SharedRecords {

  private static final Logger log = LoggerFactory.getLogger(SharedRecords.class);
  private static final int MOST_TRIES = 32;

  /**
   * A record and other nodes, read in one request.
   *
   * @param nodes that were read with the record
   */
  record OpenName(SeenRecord seen, List<Answer<SessionHandle.Node>> nodes) {}

  /** Returns the operations that belong to a change of the record, from what is stored now. */
  interface FurtherOperations {
    CompletableFuture<List<Op>> read(SessionHandle handle);
  }

  private final CoreClient client;
  private final IdNode node;
  private final String kind;
  private final Map<ZkPath, byte[]> children;
  private final FurtherOperations finishing;

  /** True if this process has found or created the record: then it is not created again. */
  private boolean used;

  /**
   * The record of a name.
   *
   * @param children what is created together with it
   * @param finishing what belongs to the transaction that opens the next generation of a seal
   */
  SharedRecords(
      CoreClient client,
      IdNode node,
      String kind,
      Map<ZkPath, byte[]> children,
      FurtherOperations finishing) {
    this.client = client;
    this.node = node;
    this.kind = kind;
    this.children = children;
    this.finishing = finishing;
  }

  /** The node of the record. */
  IdNode node() {
    return node;
  }

  /**
   * Reads the record, and other nodes in the same request, until it is open; creates it if it does not exist.
   *
   * @param paths of the other nodes
   */
  CompletableFuture<OpenName> open(SessionHandle handle, List<ZkPath> paths) {
    return open(handle, paths, 1);
  }

  private CompletableFuture<OpenName> open(SessionHandle handle, List<ZkPath> paths, int tries) {
    client.requireTrusted();
    if (tries == MOST_TRIES) {
      throw new IdUnavailableException(
          this + ": its record changes all the time; nothing was changed");
    }
    return read(handle, paths).thenCompose(read -> {
      if (read == null) {
        if (used) {
          throw new IdBlockedException(
              this + ": was deleted while this process used it; it is not created again");
        }
        return create(handle).thenCompose(created -> open(handle, paths, tries + 1));
      }
      used = true;
      IdRecord record = read.seen.record();
      if (record.state() == RecordState.BLOCKED) {
        throw new IdBlockedException(
            this + ": blocked: " + record.reason() + "; no changes until it is raised");
      }
      if (record.state() != RecordState.OPEN) {
        return finish(handle, read.seen).thenCompose(done -> open(handle, paths, tries + 1));
      }
      record.requireApproved(this, client.incarnation());
      return CompletableFuture.completedFuture(read);
    });
  }

  /** Reads the record whatever its state; null if it does not exist. */
  private CompletableFuture<@Nullable OpenName> read(SessionHandle handle, List<ZkPath> paths) {
    CompletableFuture<@Nullable OpenName> done = new CompletableFuture<>();
    handle.sync(node.path(), synced -> {});
    List<String> all = new ArrayList<>(List.of(node.path().value()));
    paths.forEach(path -> all.add(path.value()));
    Multi.readNodes(handle, all, answers -> {
      Answer<SessionHandle.Node> record = answers.get(0);
      if (record.code() == Code.NONODE) {
        done.complete(null);
      } else if (!record.isOk()) {
        done.completeExceptionally(failure(record, "nothing was changed"));
      } else {
        try {
          SeenRecord seen = node.decode(record.get());
          requireKind(seen.record());
          done.complete(new OpenName(seen, answers.subList(1, answers.size())));
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

  private CompletableFuture<Void> create(SessionHandle handle) {
    CompletableFuture<Void> created = new CompletableFuture<>();
    List<Op> ops = new ArrayList<>();
    ops.add(
        create(node.path(), IdRecord.CODEC.encode(IdRecord.shared(kind, client.incarnation()))));
    children.forEach((path, data) -> ops.add(create(path, data)));
    CreateWithParents.<List<OpResult>>of(
            handle, node.folders(), reply -> handle.multi(ops, reply), answer -> {
              if (answer.isOk() || IdNode.isExisting(answer)) {
                created.complete(null);
              } else {
                created.completeExceptionally(failure(answer, "the name may have been created"));
              }
            })
        .missingIf(answer -> Multi.isRefusedAt(0, answer))
        .send();
    return created;
  }

  /** The operation that creates a node. */
  Op create(ZkPath path, byte[] data) {
    return Op.create(path.value(), data, client.acl(path), CreateMode.PERSISTENT);
  }

  private CompletableFuture<Void> finish(SessionHandle handle, SeenRecord seal) {
    return finishing.read(handle).thenCompose(further -> {
      List<Op> ops = new ArrayList<>();
      ops.add(node.replace(seal, seal.record().toOpenAfter(0)));
      ops.addAll(further);
      CompletableFuture<Void> done = new CompletableFuture<>();
      handle.multi(ops, answer -> {
        if (answer.isOk() || isOvertaken(answer)) {
          done.complete(null);
        } else {
          done.completeExceptionally(failure(answer, "nothing was changed"));
        }
      });
      return done;
    });
  }

  /** Seals the record, so that the next reader opens the next generation; if it has changed, nothing happens. */
  void seal(SessionHandle handle, SeenRecord seen) {
    IdRecord sealed = seen.record().toSealed(null, null, seen.record().incarnation());
    handle.multi(List.of(node.replace(seen, sealed)), answer -> {
      if (!answer.isOk()) {
        log.info("{}: not sealed yet: {}", this, answer.code());
      }
    });
  }

  /**
   * Approves the data as an operator, whatever the state of the record; the audit has it.
   *
   * @param further what else belongs to the transaction
   */
  CompletableFuture<Void> approve(
      SessionHandle handle, AuditedChange change, FurtherOperations further) {
    return approve(handle, change, further, 1);
  }

  private CompletableFuture<Void> approve(
      SessionHandle handle, AuditedChange change, FurtherOperations further, int tries) {
    client.requireTrusted();
    if (tries == MOST_TRIES) {
      throw new IdUnavailableException(this + ": its record changes all the time");
    }
    return read(handle, List.of()).thenCompose(read -> {
      if (read == null) {
        throw new IdNotFoundException("ids " + node.name() + ": does not exist");
      }
      return further.read(handle).thenCompose(others -> {
        IdRecord record = read.seen.record();
        List<Op> ops = new ArrayList<>();
        ops.add(node.replace(
            read.seen, record.toApproved(Math.max(record.incarnation(), client.incarnation()))));
        ops.addAll(others);
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        client.audit().commit(handle, change, ops, answer -> {
          if (answer.isOk() || answer.code() == Code.BADVERSION) {
            done.complete(answer.isOk());
          } else {
            done.completeExceptionally(
                failure(answer, "the outcome is unknown; it may be repeated"));
          }
        });
        return done.thenCompose(approved -> approved
            ? CompletableFuture.completedFuture(null)
            : approve(handle, change, further, tries + 1));
      });
    });
  }

  /**
   * Blocks the name for all processes, because an answer contradicts what this process knows.
   *
   * @param known the greatest generation that this process knows, so that the next one is greater
   * @return fails with {@link IdBlockedException} in any case
   */
  <T> CompletableFuture<T> block(SessionHandle handle, String reason, int known) {
    Function<Boolean, T> refusal = blocked -> {
      throw new IdBlockedException(this + ": the data were restored, wiped or damaged: " + reason
          + "; no changes until it is raised");
    };
    return read(handle, List.of())
        .thenCompose(read -> {
          if (read == null || read.seen.record().state() == RecordState.BLOCKED) {
            return CompletableFuture.completedFuture(true);
          }
          IdRecord blocked = read.seen.record().toBlocked(reason, known, 0);
          CompletableFuture<Boolean> done = new CompletableFuture<>();
          handle.multi(List.of(node.replace(read.seen, blocked)), answer -> {
            if (answer.isOk()) {
              log.error("{}: blocked: {}", this, reason);
            } else {
              log.warn("{}: could not be blocked for other processes: {}", this, answer.code());
            }
            done.complete(answer.isOk());
          });
          return done;
        })
        .thenApply(refusal);
  }

  /** Tells if a transaction was refused because its nodes are not those that were read. */
  static boolean isOvertaken(Answer<List<OpResult>> answer) {
    return answer.isAnswered()
        && Multi.refusedAt(answer) >= 0
        && (answer.code() == Code.BADVERSION || answer.code() == Code.NONODE);
  }

  /** Tells if a transaction was refused because the record is not the one that was read. */
  static boolean isRecordChanged(Answer<List<OpResult>> answer) {
    return Multi.isRefusedAt(0, answer) && isOvertaken(answer);
  }

  /** The exception for a node that does not exist. */
  IdBlockedException missing(ZkPath path) {
    return new IdBlockedException(
        this + ": " + path + " does not exist; no changes until it is raised");
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
