package io.zookit.core.internal.lineage;

import io.zookit.core.IncarnationException;
import io.zookit.core.ZkException;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.lineage.IncarnationKeeper.Incarnation;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.node.Folders;
import io.zookit.core.internal.node.NodeSpace;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/**
 * An operator's word that the data are right as they are: in one transaction a greater incarnation, a new id of the
 * lineage, and the end of the suspicion. Tried again while other clients change these nodes meanwhile.
 *
 * <p>Used on the loop.
 */
public final class RaiseTransaction {

  private final NodeSpace space;
  private final IncarnationKeeper incarnation;
  private final LineageKeeper lineage;
  private final SessionHandle handle;
  private final long atLeast;
  private final boolean repairs;
  private final CompletableFuture<Long> raised;
  private @Nullable Answer<SessionHandle.Node> number;
  private @Nullable Answer<SessionHandle.Node> history;
  private long next;

  /**
   * Creates a transaction that is not sent.
   *
   * @param repairs whether a number that cannot be read is replaced, and only such a one
   * @param raised receives the number in force
   */
  public RaiseTransaction(
      NodeSpace space,
      IncarnationKeeper incarnation,
      LineageKeeper lineage,
      SessionHandle handle,
      long atLeast,
      boolean repairs,
      CompletableFuture<Long> raised) {
    this.space = space;
    this.incarnation = incarnation;
    this.lineage = lineage;
    this.handle = handle;
    this.atLeast = atLeast;
    this.repairs = repairs;
    this.raised = raised;
  }

  /** Reads the stored number and replaces it. */
  public void send() {
    CreateWithParents.of(handle, Folders.root(space), this::replace, this::onWritten)
        .send();
  }

  private void replace(Consumer<Answer<List<OpResult>>> written) {
    handle.sync(incarnation.path(), synced -> {});
    handle.getData(incarnation.path(), null, read -> number = read);
    handle.getData(lineage.path(), null, read -> history = read);
    handle.getData(lineage.suspicions().path(), null, read -> onRead(read, written));
  }

  private void onRead(
      Answer<SessionHandle.Node> suspect, Consumer<Answer<List<OpResult>>> written) {
    try {
      commit(suspect, written);
    } catch (ZkException e) {
      raised.completeExceptionally(e);
    }
  }

  private void commit(
      Answer<SessionHandle.Node> suspect, Consumer<Answer<List<OpResult>>> written) {
    List<Op> operations = new ArrayList<>();
    next = Math.max(Math.max(stored(), known(suspect)) + 1, atLeast);
    operations.add(put(incarnation.path(), answered(number), incarnation.encode(next)));
    operations.add(put(lineage.path(), answered(history), history(next)));
    // By version, and created where it is missing: a suspicion published since the read would
    // outlive the raise.
    operations.add(put(lineage.suspicions().path(), answered(suspect), new byte[0]));
    handle.multi(operations, written);
  }

  private long stored() {
    Answer<SessionHandle.Node> read = answered(number);
    if (read.code() == Code.NONODE) {
      return 0;
    }
    Decoded<Incarnation> decoded = incarnation.decode(read.get().data());
    boolean readable = decoded instanceof Decoded.Value<Incarnation>;
    if (readable == repairs) {
      throw new IncarnationException(incarnation.path() + ": "
          + (repairs
              ? "can be read, nothing is to be repaired"
              : IncarnationKeeper.unreadable(decoded))
          + "; nothing was changed");
    }
    return decoded instanceof Decoded.Value<Incarnation> value ? value.value().number() : 0;
  }

  private long known(Answer<SessionHandle.Node> suspect) {
    long told = suspect.isOk()
            && SuspectRecord.CODEC.decode(suspect.get().data())
                instanceof Decoded.Value<SuspectRecord> value
        ? value.value().incarnation()
        : 0;
    Answer<SessionHandle.Node> read = answered(history);
    long bound = read.isOk()
            && LineageRecord.CODEC.decode(read.get().data())
                instanceof Decoded.Value<LineageRecord> value
        ? value.value().incarnation()
        : 0;
    return Math.max(lineage.greatestNumber(), Math.max(told, bound));
  }

  /** A history goes on under a new id; one that is gone or damaged begins again. */
  private byte[] history(long next) {
    Answer<SessionHandle.Node> read = answered(history);
    String id = lineage.randomHex(16);
    String tag = lineage.randomHex(4);
    if (read.isOk()) {
      Decoded<LineageRecord> decoded = LineageRecord.CODEC.decode(read.get().data());
      if (decoded instanceof Decoded.Value<LineageRecord> value) {
        return LineageRecord.CODEC.encode(
            Lineage.of(value.value(), read.get().stat()).raised(id, next, tag));
      }
      if (decoded instanceof Decoded.TooNew<LineageRecord>) {
        throw new IncarnationException(
            lineage.path() + ": was written by a newer version, use that; nothing was changed");
      }
    }
    return LineageRecord.CODEC.encode(LineageRecord.first(id, next, tag));
  }

  private Op put(ZkPath path, Answer<SessionHandle.Node> read, byte[] data) {
    return read.isOk()
        ? Op.setData(path.value(), data, read.get().stat().getVersion())
        : Op.create(path.value(), data, space.acl(path), CreateMode.PERSISTENT);
  }

  private Answer<SessionHandle.Node> answered(@Nullable Answer<SessionHandle.Node> answer) {
    if (answer == null || !(answer.isOk() || answer.code() == Code.NONODE)) {
      throw failure(answer == null ? Answer.notSent() : answer);
    }
    return answer;
  }

  private ZkException failure(Answer<?> answer) {
    return KeeperErrors.of(answer, incarnation.path());
  }

  private void onWritten(Answer<?> written) {
    if (written.isOk()) {
      incarnation.check(handle, any -> {});
      lineage.check(handle, any -> raised.complete(Math.max(next, incarnation.knownNumber())));
      return;
    }
    if (written.code() == Code.BADVERSION || written.code() == Code.NODEEXISTS) {
      send();
    } else {
      raised.completeExceptionally(failure(written));
    }
  }
}
