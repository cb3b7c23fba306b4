package io.zookit.config.internal.draft;

import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.Draft;
import io.zookit.config.Drafts;
import io.zookit.config.History;
import io.zookit.config.Policy;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadGate;
import io.zookit.config.internal.model.AuditRecord;
import io.zookit.config.internal.model.Signatures;
import io.zookit.config.internal.model.Signer;
import io.zookit.config.internal.zk.CallerIdentity;
import io.zookit.config.internal.zk.StoredConfigReader;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.zookeeper.Op;

/**
 * Refuses changes of what is in force that lack the approvals of the policy. Every change of a head passes here, just before
 * its transaction, so there is no way around it in this library.
 *
 * <p>The approvals of a content are those of its draft. A gray release or a candidate that was approved when it started
 * needs none to become stable. Every other change needs an approved request, which is consumed by the transaction. What
 * only takes back or keeps (abandon, withdraw, pause, pins, retention) passes.
 */
public final class ApprovalGate implements HeadGate {

  private static final String OVERRIDE = "approvals";

  private final StoredConfigReader reader;
  private final CallerIdentity caller;

  public ApprovalGate(StoredConfigReader reader, CallerIdentity caller) {
    this.reader = reader;
    this.caller = caller;
  }

  @Override
  public Admission admit(HeadChange move, Change change) throws InterruptedException {
    if (!isGated(move)) {
      return Admission.FREE;
    }
    Policy policy = policyOf(move);
    requireIdentities(move, policy, change);
    if (policy.approvals() == 0) {
      return Admission.FREE;
    }
    caller.sign(change.author());
    List<Drafts.Approval> own = ownApprovals(move, policy);
    if (own.size() >= policy.approvals()) {
      return new Admission(own, List.of(), List.of());
    }
    return requested(move, policy, change, own);
  }

  private Admission requested(
      HeadChange move, Policy policy, Change change, List<Drafts.Approval> own)
      throws InterruptedException {
    ChangeRequests requests = new ChangeRequests(move.ns(), reader);
    Optional<ChangeRequests.StoredRequest> stored =
        isContent(move.action()) ? Optional.empty() : requests.find(move);
    Optional<ChangeRequests.StoredRequest> current =
        stored.filter(each -> each.record().basis().equals(ChangeRequests.basis(move, policy)));
    List<Drafts.Approval> counted =
        current.map(each -> each.record().signatures().counted(policy)).orElse(own);
    if (counted.size() >= policy.approvals() && current.isPresent()) {
      return new Admission(counted, List.of(), List.of(current.get().removal()));
    }
    if (!change.overridesApprovals()) {
      throw refusal(move, policy, change, counted.size(), stored.isPresent() && current.isEmpty());
    }
    if (change.message().isBlank()) {
      throw new ConfigRefusedException(
          move.ns(), "an override of approvals needs a reason; nothing was changed");
    }
    List<Op> removal = current.map(each -> List.of(each.removal())).orElse(List.of());
    return new Admission(counted, List.of(OVERRIDE), removal);
  }

  private ConfigRefusedException refusal(
      HeadChange move, Policy policy, Change change, int given, boolean stale)
      throws InterruptedException {
    if (isContent(move.action())) {
      String text = move.signatures().authors().isEmpty()
          ? lackOfContent(policy)
          : "the draft " + move.subject() + " has "
              + lack(move.signatures(), policy).orElse("too few approvals");
      return new ConfigRefusedException(move.ns(), text);
    }
    StoredApprovalRequest request =
        ChangeRequests.of(move, policy, caller.sign(change.author()), change, reader.now());
    String state = stale ? "; what is in force has changed since its approval was requested" : "";
    return new ConfigRefusedException(
        move.ns(), request.title() + " has " + lack(given, policy) + state, request);
  }

  /** The approvals that a draft lacks, with a hint; empty if it has enough. */
  static Optional<String> lack(Signatures signatures, Policy policy) {
    int given = signatures.counted(policy).size();
    if (given >= policy.approvals()) {
      return Optional.empty();
    }
    boolean advisory = !policy.advisoryApprovals()
        && (signatures.authors().stream().anyMatch(Signer::isAdvisory)
            || signatures.approvals().stream().anyMatch(Drafts.Approval::isAdvisory));
    String hint = advisory
        ? "what is written or approved without an authenticated identity is advisory only"
        : "others than its authors must approve it";
    return Optional.of(lack(given, policy) + "; " + hint);
  }

  /** The approvals that a draft lacks, in words. */
  public static Optional<String> lackOf(Draft draft, Policy policy) {
    return lack(StoredDraft.of(draft).signatures(), policy)
        .map(lack -> "the draft " + draft.name() + " has " + lack);
  }

  /** The approvals that a content without a draft lacks, in words. */
  public static String lackOfContent(Policy policy) {
    return "the content has " + lack(0, policy) + "; save it as a draft (apply --request-approval,"
        + " draft save -f) and have that approved, then publish it again";
  }

  private static String lack(int given, Policy policy) {
    return given + " of " + policy.approvals() + " approvals";
  }

  /** A policy under which no connection could approve anything would lock everything. */
  private void requireIdentities(HeadChange move, Policy before, Change change)
      throws InterruptedException {
    Policy after = move.policy();
    if (move.action() != History.Action.POLICY
        || after == null
        || after.approvals() == 0
        || after.advisoryApprovals()) {
      return;
    }
    boolean same = before.approvals() == after.approvals() && !before.advisoryApprovals();
    if (!same && caller.sign(change.author()).isAdvisory()) {
      throw new ConfigRefusedException(
          move.ns(),
          "this connection has no authenticated identity, so approvals would be advisory only;"
              + " the policy has to say that it accepts such approvals");
    }
  }

  /** The approvals of the draft, or those that the release was created with. */
  private List<Drafts.Approval> ownApprovals(HeadChange move, Policy policy)
      throws InterruptedException {
    Integer origin = move.origin();
    if (origin == null) {
      return move.signatures().counted(policy);
    }
    List<Drafts.Approval> given = reader
        .newestAudit(
            move.ns(), entry -> isStart(entry.action()) && Objects.equals(entry.release(), origin))
        .map(AuditRecord::approvals)
        .orElse(null);
    return given == null ? List.of() : new Signatures(List.of(), given).counted(policy);
  }

  private Policy policyOf(HeadChange move) throws InterruptedException {
    Policy before = move.policyBefore();
    return before != null ? before : reader.policy(move.ns()).policy();
  }

  private static boolean isStart(History.Action action) {
    return action == History.Action.GRAY || action == History.Action.CANDIDATE;
  }

  /** Contents are approved as drafts, for a request would not show them. */
  private static boolean isContent(History.Action action) {
    return action == History.Action.PUBLISH || action == History.Action.IMPORT || isStart(action);
  }

  /** Tells if a change may alter what is in force in other ways than ending a trial. */
  private static boolean isGated(HeadChange move) {
    return switch (move.action()) {
      case PUBLISH,
          ROLLBACK,
          IMPORT,
          GRAY,
          WIDEN,
          RESUME,
          PROMOTE,
          CANDIDATE,
          ACCEPT,
          POLICY,
          DELETE,
          RESTORE -> true;
      // The first transaction of a purge takes the stable release away; the others only go on.
      case PURGE -> move.inForce().stable() != null;
      case EPOCH -> move.changesWhatIsInForce();
      case CREATE, PAUSE, ABANDON, WITHDRAW, PIN, UNPIN, COLLECT -> false;
    };
  }
}
