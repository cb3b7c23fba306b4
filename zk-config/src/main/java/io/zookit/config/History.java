package io.zookit.config;

import io.zookit.config.format.Diff;
import io.zookit.core.internal.codec.Stored;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * History of one namespace: its releases, and every change of what is in force.
 *
 * <p>A release is named by its number ({@code 57}), {@code @stable}, {@code @stable~N} for what was stable N changes of
 * the stable release ago (a rollback is one), or {@code @gray/NAME}.
 *
 * <p><i>Threads:</i> any; every method asks ZooKeeper and waits, at most the store's timeout.
 *
 * <p><i>Failure:</i> {@link io.zookit.core.ZkUnavailableException} when ZooKeeper cannot be reached; nothing here
 * changes anything.
 */
public interface History {

  /** Kind of a change. */
  enum Action {
    /** The namespace was made, or made again after a purge. */
    @Stored("CREATE")
    CREATE,
    /** A release became stable. */
    @Stored("PUBLISH")
    PUBLISH,
    /** The content of an earlier release became stable. */
    @Stored("ROLLBACK")
    ROLLBACK,
    /** A content brought from elsewhere became stable. */
    @Stored("IMPORT")
    IMPORT,
    /** A gray release was started. */
    @Stored("GRAY")
    GRAY,
    /** A gray release got a greater audience. */
    @Stored("WIDEN")
    WIDEN,
    /** A gray release was paused. */
    @Stored("PAUSE")
    PAUSE,
    /** A gray release goes on. */
    @Stored("RESUME")
    RESUME,
    /** A gray release became stable. */
    @Stored("PROMOTE")
    PROMOTE,
    /** A gray release was given up. */
    @Stored("ABANDON")
    ABANDON,
    /** The clients were asked about a release. */
    @Stored("CANDIDATE")
    CANDIDATE,
    /** The clients' answers made a release stable. */
    @Stored("ACCEPT")
    ACCEPT,
    /** A release the clients were asked about was given up. */
    @Stored("WITHDRAW")
    WITHDRAW,
    /** The policy was changed. */
    @Stored("POLICY")
    POLICY,
    /** A release is kept indefinitely. */
    @Stored("PIN")
    PIN,
    /** A release is kept as long as others. */
    @Stored("UNPIN")
    UNPIN,
    /** The namespace was deleted; everything is still there. */
    @Stored("DELETE")
    DELETE,
    /** A deleted namespace was restored. */
    @Stored("RESTORE")
    RESTORE,
    /** The releases of a deleted namespace were removed. */
    @Stored("PURGE")
    PURGE,
    /** Old releases were removed. */
    @Stored("COLLECT")
    COLLECT,
    /** A new epoch began. */
    @Stored("EPOCH")
    EPOCH
  }

  /**
   * One change.
   *
   * @param release the release it concerns, if one
   * @param removed number and hash of each release it removed
   * @param aborted the gray releases that it ended in addition
   * @param identities the authenticated identities of the connection that made it, as far as they are known
   * @param approvals the approvals that it needed and had
   * @param overrides what it overrode: {@code approvals}
   * @param policyBefore the policy that it replaced
   * @param policyAfter the policy that it set
   */
  record Entry(
      long epoch,
      long revision,
      Action action,
      OptionalInt release,
      String publishId,
      String author,
      Instant at,
      String message,
      Map<String, String> removed,
      List<String> aborted,
      List<String> identities,
      List<Drafts.Approval> approvals,
      List<String> overrides,
      Optional<Policy> policyBefore,
      Optional<Policy> policyAfter) {}

  /**
   * Result of a verification.
   *
   * @param releases how many were verified
   * @param entries how many changes were verified
   * @param headHash the hash of the newest release's manifest; keep it elsewhere to prove history later
   * @param problems one line each; empty when all is as it was written
   */
  record Verdict(int releases, int entries, String headHash, List<String> problems) {

    /** Tells if all is as it was written. */
    public boolean isIntact() {
      return problems.isEmpty();
    }
  }

  /** The releases, newest first. */
  List<Release> releases(int most) throws InterruptedException;

  /** A release by its name; empty when there is none. */
  Optional<Release> find(String name) throws InterruptedException;

  /**
   * The content of a release; secrets stay sealed.
   *
   * @throws ConfigNotFoundException if the release is not there
   */
  Content content(int number) throws InterruptedException;

  /**
   * The content with its secrets opened, and marked. If it has secrets, an entry of the {@linkplain
   * io.zookit.core.audit.AuditLog audit} names this client and the keys; see {@link Environments#revealed}.
   *
   * @throws io.zookit.core.ZkAccessException if this client may not append to the audit; nothing is opened then
   * @throws io.zookit.config.secret.SecretException if a key is missing
   */
  Content reveal(Content content) throws InterruptedException;

  /**
   * The difference of two releases by name; secrets are hidden.
   *
   * @throws ConfigNotFoundException if one is not there
   */
  Diff diff(String from, String to) throws InterruptedException;

  /** The changes, newest first. */
  List<Entry> entries(int most) throws InterruptedException;

  /**
   * The outcome of a change whose answer was lost; empty if it was not made. While what its session sent may still be
   * on the way to ZooKeeper, empty is not final. Searches from the newest change back, a hundred in a round trip.
   */
  Optional<Entry> outcome(String publishId) throws InterruptedException;

  /** Verifies the hash of every release and every change, and that none is missing. */
  Verdict verify() throws InterruptedException;
}
