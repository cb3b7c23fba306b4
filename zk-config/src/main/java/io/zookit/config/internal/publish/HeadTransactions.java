package io.zookit.config.internal.publish;

import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.ConfigUnknownException;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Digests;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Signatures;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.zk.ConfigNodes;
import io.zookit.config.internal.zk.RepeatedCalls;
import io.zookit.config.internal.zk.StoredConfigReader;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.codec.SizeLimits;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.session.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

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

  /** What is to become of one namespace. Immutable. */
  public static final class HeadChange {

    private final Namespace ns;
    private final StoredHead from;
    private final HeadUpdate edit;
    private final History.Action action;
    private @Nullable Integer release;
    private List<Op> ops = List.of();
    private @Nullable Map<String, String> removed;
    private @Nullable List<String> voters;
    private @Nullable List<String> aborted;
    private Signatures signatures = Signatures.NONE;
    private @Nullable Integer origin;
    private String subject = "";
    private @Nullable Policy policyBefore;
    private @Nullable Policy policy;
    private @Nullable Head inForce;
    private ApprovalGate.Admission admission = ApprovalGate.Admission.FREE;

    private HeadChange(Namespace ns, StoredHead from, HeadUpdate edit, History.Action action) {
      this.ns = ns;
      this.from = from;
      this.edit = edit;
      this.action = action;
    }

    public static HeadChange of(
        Namespace ns, StoredHead from, HeadUpdate edit, History.Action action) {
      return new HeadChange(ns, from, edit, action);
    }

    private HeadChange copy() {
      HeadChange copy = new HeadChange(ns, from, edit, action);
      copy.release = release;
      copy.ops = ops;
      copy.removed = removed;
      copy.voters = voters;
      copy.aborted = aborted;
      copy.signatures = signatures;
      copy.origin = origin;
      copy.subject = subject;
      copy.policyBefore = policyBefore;
      copy.policy = policy;
      copy.inForce = inForce;
      copy.admission = admission;
      return copy;
    }

    public HeadChange about(int number) {
      HeadChange copy = copy();
      copy.release = number;
      return copy;
    }

    /** Names the stable release, for whoever has only the history some day. */
    HeadChange aboutStable() {
      return from.head().stable() == null ? this : about(from.head().stableNumber());
    }

    /** A copy with more in its transaction. */
    public HeadChange with(List<Op> more) {
      HeadChange copy = copy();
      copy.ops = new ArrayList<>(ops);
      copy.ops.addAll(more);
      return copy;
    }

    public HeadChange removing(Map<String, String> numbersAndHashes) {
      HeadChange copy = copy();
      copy.removed = Map.copyOf(numbersAndHashes);
      return copy;
    }

    HeadChange askedOf(List<String> lives) {
      HeadChange copy = copy();
      copy.voters = List.copyOf(lives);
      return copy;
    }

    /** A copy that ends the gray releases that are open, if the change says so. */
    HeadChange abortingGrays(Change change) {
      List<String> open = from.head().grayNames();
      if (!change.isAbortingGrays() || open.isEmpty()) {
        return this;
      }
      edit.withoutGrays();
      HeadChange copy = copy();
      copy.aborted = open;
      return copy;
    }

    /** A copy of a content that was a draft: its approvals count. */
    HeadChange signed(DraftUse of) {
      HeadChange copy = copy();
      copy.signatures = of.signatures();
      copy.subject = of.name();
      return copy;
    }

    /** A copy about a release on trial: the approvals it was started with count. */
    HeadChange onTrial(int number) {
      HeadChange copy = copy();
      copy.origin = number;
      return copy;
    }

    /** A copy that a request for approval calls so. */
    public HeadChange called(String words) {
      HeadChange copy = copy();
      copy.subject = words;
      return copy;
    }

    /** A copy under a policy that was read behind the head. */
    HeadChange under(Policy known) {
      HeadChange copy = copy();
      copy.policyBefore = known;
      return copy;
    }

    /** A copy that sets a policy. */
    public HeadChange setting(Policy next) {
      HeadChange copy = copy();
      copy.policy = next;
      return copy;
    }

    /** A copy that replaces another head than the one it is made from. */
    public HeadChange replacing(Head live) {
      HeadChange copy = copy();
      copy.inForce = live;
      return copy;
    }

    /** A copy with what admits it, which may remove a node that this removes anyway. */
    private HeadChange admitted(ApprovalGate.Admission by) {
      HeadChange copy = copy();
      copy.ops = new ArrayList<>(ops);
      for (Op op : by.ops()) {
        copy.ops.removeIf(each -> each.getPath().equals(op.getPath()));
        copy.ops.add(op);
      }
      copy.admission = by;
      return copy;
    }

    Namespace ns() {
      return ns;
    }

    StoredHead from() {
      return from;
    }

    HeadUpdate edit() {
      return edit;
    }

    History.Action action() {
      return action;
    }

    List<Op> ops() {
      return ops;
    }

    @Nullable
    List<String> aborted() {
      return aborted;
    }

    Signatures signatures() {
      return signatures;
    }

    /** The release on trial that this is about. */
    @Nullable
    Integer origin() {
      return origin;
    }

    /** What a request for approval calls it; the name of the draft, of a content that was one. */
    String subject() {
      return subject;
    }

    /** The policy in force, if it is known. */
    @Nullable
    Policy policyBefore() {
      return policyBefore;
    }

    /** The policy that it sets, if it sets one. */
    @Nullable
    Policy policy() {
      return policy;
    }

    /** The head that it replaces. */
    Head inForce() {
      Head live = inForce;
      return live == null ? from.head() : live;
    }

    /** Whether clients would get anything else. */
    boolean changesWhatIsInForce() {
      Head before = inForce();
      Head after = edit.build("", Change.by("preview"), java.time.Instant.EPOCH, "");
      return before.state() != Head.State.PURGED
          && (before.state() != after.state()
              || !Objects.equals(before.stable(), after.stable())
              || !before.grays().equals(after.grays())
              || !before.layers().equals(after.layers()));
    }
  }

  /** What a planner found to do. */
  public record ChangePlan<R>(List<HeadChange> moves, R result) {

    public static <R> ChangePlan<R> nothing(R result) {
      return new ChangePlan<>(List.of(), result);
    }

    public static <R> ChangePlan<R> of(HeadChange move, R result) {
      return new ChangePlan<>(List.of(move), result);
    }
  }

  /** Decides what to do from what is there now; asked again when somebody else was faster. */
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
  private final ApprovalGate gate;

  public HeadTransactions(
      CoreClient client, StoredConfigReader reader, ConfigNodes nodes, ApprovalGate gate) {
    this.client = client;
    this.reader = reader;
    this.nodes = nodes;
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
    while (standing < MOST_STANDING) {
      ChangePlan<R> plan = planner.plan(publishId);
      int next = plan.moves().isEmpty() ? version : plan.moves().get(0).from().version();
      standing = next == version ? standing + 1 : 0;
      version = next;
      if (plan.moves().isEmpty()
          || commit(publishId, change, admitted(plan.moves(), change)) == Outcome.DONE) {
        return plan.result();
      }
    }
    throw new io.zookit.core.ZkException(
        "config: ZooKeeper refuses the change again and again while"
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
          throw new io.zookit.core.ZkUnavailableException(first.ns()
              + (calls.isClosed() ? ": the client is closed" : ": ZooKeeper cannot be reached")
              + "; nothing was changed");
        }
        throw new ConfigUnknownException(first.ns(), publishId);
      }
      calls.pauseAfter(failures);
    }
  }

  /** The head has moved on: by an earlier copy of this transaction, or by somebody else. */
  private Outcome refused(String publishId, HeadChange first, Code code)
      throws InterruptedException {
    boolean mayBeMine = code == Code.BADVERSION || code == Code.NODEEXISTS || code == Code.NONODE;
    if (!mayBeMine) {
      throw KeeperErrors.of(code, reader.paths().head(first.ns()));
    }
    Optional<AuditRecord> entry;
    try {
      entry = reader.audit(first.ns(), first.edit().revision());
    } catch (io.zookit.core.ZkUnavailableException e) {
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
    Head before = move.from().head();
    java.time.Instant now = client.timekeeper().now();
    Head draft = move.edit().build(publishId, change, now, "");
    AuditRecord audit = new AuditRecord(
        draft.epoch(),
        draft.revision(),
        move.action(),
        move.release,
        publishId,
        change.author(),
        now,
        change.message(),
        move.removed,
        move.voters,
        move.aborted,
        before.auditHash(),
        gate.caller().known().filter(known -> !known.isEmpty()).orElse(null),
        orNull(move.admission.approvals()),
        orNull(move.admission.overrides()),
        move.policy == null ? null : move.policyBefore,
        move.policy);
    byte[] entry = AuditRecord.CODEC.encode(audit);
    byte[] head =
        move.edit().build(publishId, change, now, Digests.sha256(entry)).encoded();
    ZkPath headPath = reader.paths().head(move.ns());
    List<Op> ops = new ArrayList<>();
    ops.add(
        move.from().isAbsent()
            ? nodes.createOp(headPath, head)
            : Op.setData(headPath.value(), head, move.from().version()));
    ops.add(nodes.createOp(reader.paths().audit(move.ns(), draft.revision()), entry));
    ops.addAll(move.ops());
    return ops;
  }

  private static <T> @Nullable List<T> orNull(List<T> list) {
    return list.isEmpty() ? null : list;
  }
}
