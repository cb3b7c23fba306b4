package io.zookit.config;

import io.zookit.config.format.Diff;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The drafts of one namespace.
 *
 * <p><i>Threads:</i> any; every method asks ZooKeeper and waits, at most the store's timeout.
 */
public interface Drafts {

  /**
   * A draft brought up to date.
   *
   * @param draft based on the stable release, not saved yet
   * @param conflicts the keys that were changed on both sides, differently; the draft has the stable values there
   */
  record Rebase(Draft draft, List<String> conflicts) {}

  /**
   * The approval of a draft or a request.
   *
   * @param label the name that the approver gave
   * @param identities the authenticated identities of the approver's connection, such as {@code digest:ben}; empty for a
   *     connection without credentials
   * @param at when, by the clock of the approver
   */
  record Approval(
      @Stored("label") String label,
      @Stored("identities") List<String> identities,
      @Stored("at") Instant at) {

    /** Creates an approval. */
    public Approval {
      identities = List.copyOf(identities);
    }

    /** Tells if nothing but the given name identifies the approver. */
    public boolean isAdvisory() {
      return identities.isEmpty();
    }

    /** The name, and the identities in parentheses. */
    @Override
    public String toString() {
      return isAdvisory() ? label : label + " (" + String.join(", ", identities) + ")";
    }
  }

  /**
   * A request for the approval of a change that does not publish a content: a rollback, a policy, a deletion and the
   * like. {@link ConfigRefusedException#request} has it; once it is stored and approved the same change goes through
   * and consumes it. It holds for what was in force when it was made.
   *
   * <p>Immutable.
   */
  interface ApprovalRequest {

    /** The namespace of the change. */
    Namespace namespace();

    /** Identifies the change that is requested. */
    String id();

    /** The requested action. */
    History.Action action();

    /** The subject of the change: a release, a gray release; may be empty. */
    String subject();

    /** The policy that is to be set. */
    Optional<Policy> policy();

    /** The author of the request, with the authenticated identities behind the name. */
    String author();

    /** The time of the request, by the clock of its author. */
    Instant at();

    /** The reason; empty if none was given. */
    String message();

    /** Its approvals. */
    List<Approval> approvals();
  }

  /** All drafts by name. */
  List<Draft> list() throws InterruptedException;

  /** A draft; empty when there is none of that name. */
  Optional<Draft> find(String name) throws InterruptedException;

  /**
   * The draft on the stable release that holds a content; of several, the one with most approvals. Publishing that content
   * uses its approvals, and consumes it, where the policy requires approvals.
   */
  Optional<Draft> holding(Content content) throws InterruptedException;

  /** The draft of that name, or a new one with the stable content, not saved yet. */
  Draft open(String name) throws InterruptedException;

  /**
   * Saves a draft, if it is as it was when this copy of it was read. Its secrets are sealed.
   *
   * @return the draft as it is saved now
   * @throws ConfigConflictException if another client saved or discarded it meanwhile
   */
  Draft save(Draft draft, Change change) throws InterruptedException;

  /**
   * Approves a draft as it is.
   *
   * @throws ConfigRefusedException if the caller is one of its authors, or has no authenticated identity and the policy
   *     does not accept advisory approvals
   * @throws ConfigConflictException if it was saved or discarded meanwhile
   */
  Draft approve(Draft draft, Change change) throws InterruptedException;

  /**
   * Compares a draft with the release it is based on; secrets are hidden.
   *
   * @throws ConfigNotFoundException if that release does not exist
   */
  Diff diff(Draft draft) throws InterruptedException;

  /** Brings a draft up to the stable release, key by key; nothing is saved. */
  Rebase rebase(Draft draft) throws InterruptedException;

  /**
   * Deletes a draft, if it is as it was when this copy of it was read.
   *
   * @throws ConfigConflictException if another client saved it meanwhile
   */
  void discard(Draft draft) throws InterruptedException;

  /** The stored requests for approval, by their ids. */
  List<ApprovalRequest> requests() throws InterruptedException;

  /** A stored request; empty if there is none of that id. */
  Optional<ApprovalRequest> request(String id) throws InterruptedException;

  /**
   * Stores a request, so that others can approve it. One that is stored already stays as it is, with its approvals.
   *
   * @param request of {@link ConfigRefusedException#request}
   */
  ApprovalRequest submit(ApprovalRequest request) throws InterruptedException;

  /**
   * Approves a request as it is.
   *
   * @throws ConfigRefusedException if the caller is its author, has no authenticated identity and the policy does not
   *     accept advisory approvals, or the request was changed meanwhile
   */
  ApprovalRequest approve(ApprovalRequest request, Change change) throws InterruptedException;

  /** Deletes a request; it has no effect if that is done already. */
  void withdraw(ApprovalRequest request) throws InterruptedException;
}
