package io.zookit.config;

import io.zookit.config.gray.Instance;
import io.zookit.core.internal.codec.Stored;
import java.util.Optional;

/**
 * Status that a live client of a namespace reports; it ends with the client's session.
 *
 * <p>That a release is applied is reported within 8 s, or at once if the change asked for it ({@link Change#promptAcks}) or
 * the release is a gray one; everything else at once.
 *
 * <p>It is reported, not proved: a client that may write one status may write any.
 *
 * @param instance the identity of the client
 * @param incarnation the nonce of the session that reports
 * @param status what became of the newest release for it
 * @param release the release it works with; 0 for none
 * @param offered the release it was last asked to work with; another one than {@code release} when it refused
 * @param epoch the epoch it has seen
 * @param revision the newest revision it has seen
 * @param reason why not applied; empty otherwise
 * @param vote its opinion of a candidate, by the candidate's hash
 * @param notKept why the release it works with is not in its snapshot file: started again without ZooKeeper, it would
 *     work with the one before. Empty if the release is kept, or the instance has no folder for snapshots
 * @param client what its client is called ({@code ZkClientBuilder.label}), for display; empty if it has none
 */
public record InstanceReleaseStatus(
    Instance instance,
    String incarnation,
    Status status,
    int release,
    int offered,
    long epoch,
    long revision,
    String reason,
    Optional<Vote> vote,
    Optional<String> notKept,
    String client) {

  /** Outcome of the newest release. */
  public enum Status {
    /** It is in use. */
    @Stored("APPLIED")
    APPLIED,
    /** It was refused whole; the release before it is in use. */
    @Stored("REJECTED")
    REJECTED,
    /** It cannot be read now, or an older state than the known one was seen; the last good one is in use. */
    @Stored("STALE")
    STALE,
    /** Something about it is of a later version; the last good one, or the stable one, is in use. */
    @Stored("UNSUPPORTED")
    UNSUPPORTED,
    /** An override on this instance is in force. */
    @Stored("OVERRIDDEN")
    OVERRIDDEN
  }

  /**
   * An opinion of a candidate.
   *
   * @param sha256 of the candidate
   * @param accepted whether the client could use it
   * @param objection why not; empty otherwise
   */
  public record Vote(String sha256, boolean accepted, String objection) {}

  /** The instance with its incarnation: one life of one client. */
  public String life() {
    return instance.id() + "@" + incarnation;
  }
}
