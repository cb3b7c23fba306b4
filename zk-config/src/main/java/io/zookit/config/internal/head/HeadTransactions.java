package io.zookit.config.internal.head;

import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigUnknownException;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.zk.CallerIdentity;
import io.zookit.config.internal.zk.ConfigNodes;
import io.zookit.config.internal.zk.RepeatedCalls;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.SizeLimits;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * Changes heads: each change is one transaction of the new head, its audit entry, and what belongs to them.
 *
 * <p>The transaction checks the version of each head and creates {@code audit/<revision>}, so of two copies of it at most
 * one is ever applied. Hence a lost answer is answered by sending it again: either it is applied now, or the refusal says
 * that the head has moved on, and then the audit entry of that revision tells by its publish id whose doing that was.
 */
public final class HeadTransactions {

  private static final int MOST_BYTES = 900 * 1024;
  private static final int MOST_STANDING = 20;

  /** Changes that a planner decided on, and what the call returns. */
  public record ChangePlan<R>(List<HeadChange> moves, R result) {

    public static <R> ChangePlan<R> nothing(R result) {
      return new ChangePlan<>(List.of(), result);
    }

    public static <R> ChangePlan<R> of(HeadChange move, R result) {
      return new ChangePlan<>(List.of(move), result);
    }
  }

  /** Decides by the present state what to do; called again if another change was faster. */
  public interface ChangePlanner<R> {
    ChangePlan<R> plan(String publishId) throws InterruptedException;
  }

  private enum Outcome {
    DONE,
    OVERTAKEN
  }

  private final CoreClient client;
  private final StoredConfigReader reader;
  private final ConfigNodes nodes;
  private final CallerIdentity caller;
  private final HeadGate gate;

  public HeadTransactions(
      CoreClient client,
      StoredConfigReader reader,
      ConfigNodes nodes,
      CallerIdentity caller,
      HeadGate gate) {
    this.client = client;
    this.reader = reader;
    this.nodes = nodes;
    this.caller = caller;
    this.gate = gate;
  }

  /** Refuses now what would be refused for want of approvals. */
  public void requireAdmitted(HeadChange move, Change change) throws InterruptedException {
    gate.admit(move, change);
  }

  /** Plans and commits until it is done, nothing is to be done, or the planner refuses. */
  public <R> R run(Change change, ChangePlanner<R> planner) throws InterruptedException {
    String publishId = UUID.randomUUID().toString();
    int standing = 0;
    int version = Integer.MIN_VALUE;
    for (int overtaken = 1; standing < MOST_STANDING; overtaken++) {
      long start = client.timekeeper().nanos();
      ChangePlan<R> plan = planner.plan(publishId);
      int next = plan.moves().isEmpty() ? version : plan.moves().get(0).from().version();
      standing = next == version ? standing + 1 : 0;
      version = next;
      if (plan.moves().isEmpty()
          || commit(publishId, change, admitted(plan.moves(), change)) == Outcome.DONE) {
        return plan.result();
      }
      Duration took = Duration.ofNanos(client.timekeeper().nanos() - start);
      reader.calls().pause(ContentionDelay.after(overtaken, took, ThreadLocalRandom.current()));
    }
    throw new ZkException("config: ZooKeeper refuses the change again and again while"
        + " the head stays as it is; something it needs is missing. Nothing was changed");
  }

  private List<HeadChange> admitted(List<HeadChange> moves, Change change)
      throws InterruptedException {
    List<HeadChange> admitted = new ArrayList<>();
    for (HeadChange move : moves) {
      admitted.add(move.admitted(gate.admit(move, change)));
    }
    return admitted;
  }

  private Outcome commit(String publishId, Change change, List<HeadChange> moves)
      throws InterruptedException {
    client.requireTrusted();
    for (HeadChange move : moves) {
      if (move.from().isAbsent()) {
        nodes.ensureNamespace(move.ns());
        nodes.nameCluster();
      }
    }
    List<Op> ops = new ArrayList<>();
    for (HeadChange move : moves) {
      ops.addAll(ops(publishId, change, move));
    }
    SizeLimits.packetsOf(MOST_BYTES).requireFits(ops);
    return send(publishId, moves.get(0), ops);
  }

  private Outcome send(String publishId, HeadChange first, List<Op> ops)
      throws InterruptedException {
    RepeatedCalls calls = reader.calls();
    long deadline = calls.deadline();
    boolean lost = false;
    for (int failures = 0; ; failures++) {
      Answer<List<OpResult>> answer = calls.commitOnce(ops, deadline);
      if (answer.isOk()) {
        return Outcome.DONE;
      }
      if (answer.isAnswered()) {
        boolean somebodyElse = !lost && answer.code() == Code.BADVERSION; // no copy is under way
        return somebodyElse ? Outcome.OVERTAKEN : refused(publishId, first, answer.code());
      }
      lost |= answer.sent();
      if (calls.isOver(deadline)) {
        if (!lost) {
          throw new ZkUnavailableException(first.ns()
              + (calls.isClosed() ? ": the client is closed" : ": ZooKeeper cannot be reached")
              + "; nothing was changed");
        }
        throw new ConfigUnknownException(first.ns(), publishId);
      }
      calls.pauseAfter(failures);
    }
  }

  /** The head has moved on: by an earlier copy of this transaction, or by another client. */
  private Outcome refused(String publishId, HeadChange first, Code code)
      throws InterruptedException {
    boolean mayBeMine = code == Code.BADVERSION || code == Code.NODEEXISTS || code == Code.NONODE;
    if (!mayBeMine) {
      throw KeeperErrors.of(code, reader.paths().head(first.ns()));
    }
    Optional<AuditRecord> entry;
    try {
      entry = reader.audit(first.ns(), first.edit().revision());
    } catch (ZkUnavailableException e) {
      ConfigUnknownException unknown = new ConfigUnknownException(first.ns(), publishId);
      unknown.initCause(e);
      throw unknown;
    }
    if (entry.filter(found -> found.publishId().equals(publishId)).isPresent()) {
      return Outcome.DONE;
    }
    if (entry.isPresent() && reader.head(first.ns()).version() == first.from().version()) {
      throw new ConfigRefusedException(
          first.ns(),
          "the history goes on behind the head, which was set back; begin a new epoch first");
    }
    return Outcome.OVERTAKEN;
  }

  private List<Op> ops(String publishId, Change change, HeadChange move) {
    Instant now = client.timekeeper().now();
    List<String> identities = caller.known().filter(known -> !known.isEmpty()).orElse(null);
    byte[] entry = AuditRecord.CODEC.encode(move.toAudit(publishId, change, now, identities));
    byte[] head = move.headAfter(publishId, change, now, Digests.sha256(entry)).encoded();
    ZkPath headPath = reader.paths().head(move.ns());
    List<Op> ops = new ArrayList<>();
    ops.add(
        move.from().isAbsent()
            ? nodes.createOp(headPath, head)
            : Op.setData(headPath.value(), head, move.from().version()));
    ops.add(nodes.createOp(reader.paths().audit(move.ns(), move.edit().revision()), entry));
    ops.addAll(move.ops());
    return ops;
  }
}
