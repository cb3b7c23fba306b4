package io.zookit.core.internal.node;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Created;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.CreateOptions;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the creates of ephemeral nodes, those of one moment together.
 *
 * <pre>
 *   nothing under way ── a create ──► it is sent at once, alone
 *   something under way ── creates ──► they wait for its answer, and go together: {@value #MOST} to a multi
 *   a multi is refused: nothing was created ──► its creates go one by one, each with an answer of its own
 * </pre>
 *
 * <p>A multi is all or nothing: one bad create refuses the others. If a folder is missing it is created and the multi
 * is sent once more. A lost answer is a lost answer to each of them. Used on the loop.
 *
 * <p><i>Cost:</i> a single create is one request and waits for at most one answer; one of many is a hundredth of a
 * request.
 */
final class CreateBatches {

  private static final Logger log = LoggerFactory.getLogger(CreateBatches.class);

  static final int MOST = 100;
  private static final int MOST_BYTES = 512 * 1024;
  private static final int OVERHEAD = 200;

  /**
   * A create.
   *
   * @param folders what must be above the node
   * @param isWanted checked before the create is sent; one that is no longer wanted, as in a session that is over, is
   * neither sent nor answered
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Create(
      SessionHandle handle,
      ZkPath path,
      byte[] data,
      List<ACL> acl,
      Folders folders,
      BooleanSupplier isWanted,
      Consumer<Answer<Created>> reply) {

    int size() {
      return path.value().getBytes(StandardCharsets.UTF_8).length + data.length + OVERHEAD;
    }

    /** Delivers an answer. A listener that fails affects neither the others nor what is sent. */
    void tell(Answer<Created> answer) {
      try {
        reply.accept(answer);
      } catch (RuntimeException e) {
        log.error("{}: a listener failed", path, e);
      }
    }

    /** Sends the create if it is still wanted, also when it is repeated: its owner may have deleted the node. */
    void send(SessionHandle session, Consumer<Answer<Created>> answered) {
      if (isWanted.getAsBoolean()) {
        session.create(path, data, acl, CreateMode.EPHEMERAL, answered);
      } else {
        answered.accept(Answer.notSent());
      }
    }

    Op operation() {
      CreateOptions options =
          CreateOptions.newBuilder(acl, CreateMode.EPHEMERAL).build();
      return Op.create(path.value(), data, options);
    }
  }

  /** The requests of one session that are not answered. */
  private static final class Flight {
    final SessionHandle handle;
    int underWay;

    Flight(SessionHandle handle) {
      this.handle = handle;
    }
  }

  private final Deque<Create> waiting = new ArrayDeque<>();
  private @Nullable Flight flight;

  /** Sends a create, now or with the next. */
  void add(Create create) {
    waiting.add(create);
    Flight now = flight;
    if (now == null || !now.handle.equals(create.handle)) {
      now = new Flight(create.handle);
      flight = now;
    }
    flush(now);
  }

  private void flush(Flight now) {
    if (now == flight && now.underWay == 0) {
      for (List<Create> batch = next(); !batch.isEmpty(); batch = next()) {
        send(now, batch, true);
      }
    }
  }

  private List<Create> next() {
    List<Create> batch = new ArrayList<>();
    int bytes = 0;
    while (!waiting.isEmpty() && batch.size() < MOST) {
      Create first = waiting.getFirst();
      bytes += first.size();
      if (!batch.isEmpty() && bytes > MOST_BYTES) {
        return batch;
      }
      waiting.removeFirst();
      if (first.isWanted.getAsBoolean()) {
        batch.add(first);
      }
    }
    return batch;
  }

  private void send(Flight now, List<Create> batch, boolean makeFolders) {
    if (batch.size() == 1) {
      sendAlone(now, batch.get(0));
      return;
    }
    now.underWay++;
    now.handle.multi(batch.stream().map(Create::operation).toList(), answer -> {
      onAnswer(now, batch, makeFolders, answer);
      now.underWay--;
      flush(now);
    });
  }

  private void sendAlone(Flight now, Create create) {
    now.underWay++;
    CreateWithParents.<Created>of(
            now.handle, create.folders, reply -> create.send(now.handle, reply), answer -> {
              create.tell(answer);
              now.underWay--;
              flush(now);
            })
        .send();
  }

  private void onAnswer(
      Flight now, List<Create> batch, boolean makeFolders, Answer<List<OpResult>> answer) {
    if (answer.isOk()) {
      for (int i = 0; i < batch.size(); i++) {
        Create create = batch.get(i);
        create.tell(Answer.ok(new Created(create.path, Multi.statAt(i, answer))));
      }
    } else if (!answer.isAnswered()) {
      batch.forEach(create -> create.tell(new Answer<>(answer.code(), null, answer.sent())));
    } else {
      again(
          now,
          batch.stream().filter(create -> create.isWanted.getAsBoolean()).toList(),
          makeFolders && answer.code() == Code.NONODE);
    }
  }

  private void again(Flight now, List<Create> refused, boolean makeFolders) {
    if (makeFolders && !refused.isEmpty()) {
      Map<ZkPath, Create> byFolder = new LinkedHashMap<>();
      refused.forEach(create -> byFolder.putIfAbsent(create.path.parent(), create));
      byFolder.values().forEach(create -> create.folders.ensure(now.handle, ready -> {}));
      send(now, refused, false);
    } else {
      refused.forEach(create -> sendAlone(now, create));
    }
  }
}
