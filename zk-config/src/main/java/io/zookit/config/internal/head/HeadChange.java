package io.zookit.config.internal.head;

import io.zookit.config.Change;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.Signatures;
import io.zookit.config.internal.model.StoredHead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/**
 * A change of the head of one namespace, with what its transaction and its audit entry have besides. Immutable.
 */
public final class HeadChange {

  private final Namespace ns;
  private final StoredHead from;
  private HeadUpdate edit;
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
  private HeadGate.Admission admission = HeadGate.Admission.FREE;

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

  /** Names the stable release, for readers that have only the history. */
  public HeadChange aboutStable() {
    return from.head().stable() == null ? this : about(from.head().stableNumber());
  }

  /** A copy whose head is updated further. */
  public HeadChange updating(UnaryOperator<HeadUpdate> further) {
    HeadChange copy = copy();
    copy.edit = further.apply(edit);
    return copy;
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

  public HeadChange askedOf(List<String> lives) {
    HeadChange copy = copy();
    copy.voters = List.copyOf(lives);
    return copy;
  }

  /** A copy that ends the gray releases that are open, if the change says so. */
  public HeadChange abortGrays(Change change) {
    List<String> open = from.head().grayNames();
    if (!change.abortsGrays() || open.isEmpty()) {
      return this;
    }
    HeadChange copy = updating(HeadUpdate::withoutGrays);
    copy.aborted = open;
    return copy;
  }

  /** A copy of a content that was a draft: its approvals count. */
  public HeadChange signed(DraftUse of) {
    HeadChange copy = copy();
    copy.signatures = of.signatures();
    copy.subject = of.name();
    return copy;
  }

  /** A copy about a release on trial: the approvals it was started with count. */
  public HeadChange onTrial(int number) {
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
  public HeadChange under(Policy known) {
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
  public HeadChange admitted(HeadGate.Admission by) {
    HeadChange copy = copy();
    copy.ops = new ArrayList<>(ops);
    for (Op op : by.ops()) {
      copy.ops.removeIf(each -> each.getPath().equals(op.getPath()));
      copy.ops.add(op);
    }
    copy.admission = by;
    return copy;
  }

  public Namespace ns() {
    return ns;
  }

  public StoredHead from() {
    return from;
  }

  public HeadUpdate edit() {
    return edit;
  }

  public History.Action action() {
    return action;
  }

  public List<Op> ops() {
    return ops;
  }

  public @Nullable List<String> aborted() {
    return aborted;
  }

  public Signatures signatures() {
    return signatures;
  }

  /** The release on trial that this is about. */
  public @Nullable Integer origin() {
    return origin;
  }

  /** The title of its request for approval; for a content of a draft, the name of the draft. */
  public String subject() {
    return subject;
  }

  /** The policy in force, if it is known. */
  public @Nullable Policy policyBefore() {
    return policyBefore;
  }

  /** The policy that it sets, if it sets one. */
  public @Nullable Policy policy() {
    return policy;
  }

  /** The head that it replaces. */
  public Head inForce() {
    Head live = inForce;
    return live == null ? from.head() : live;
  }

  /** Tells if clients would get anything else. */
  public boolean changesWhatIsInForce() {
    Head before = inForce();
    return before.state() != Head.State.PURGED && edit.changesWhatIsInForce(before);
  }

  /** The head after the change. */
  public Head headAfter(String publishId, Change change, Instant at, String auditHash) {
    return edit.build(publishId, change, at, auditHash);
  }

  /**
   * The audit entry of the change.
   *
   * @param identities the authenticated identities of the author; null if they are not known
   */
  public AuditRecord toAudit(
      String publishId, Change change, Instant at, @Nullable List<String> identities) {
    return new AuditRecord(
        edit.epoch(),
        edit.revision(),
        action,
        release,
        publishId,
        change.author(),
        at,
        change.message(),
        removed,
        voters,
        aborted,
        from.head().auditHash(),
        identities,
        orNull(admission.approvals()),
        orNull(admission.overrides()),
        policy == null ? null : policyBefore,
        policy);
  }

  private static <T> @Nullable List<T> orNull(List<T> list) {
    return list.isEmpty() ? null : list;
  }
}
