package io.zookit.config;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Author and reason of a change, and what it overrides.
 *
 * <p>Immutable; may be used for several changes.
 */
public final class Change {

  private static final int LONGEST_AUTHOR = 128;
  private static final int LONGEST_MESSAGE = 1024;

  /** Permissions of a change to do what is refused otherwise. */
  private enum Exemption {
    ALLOW_OPEN_GRAYS,
    ABORT_GRAYS,
    ALLOW_MISSING,
    OVERRIDE_FREEZE,
    OVERRIDE_APPROVALS
  }

  private final String author;
  private final String message;
  private final @Nullable Integer base;
  private final Set<Exemption> exemptions;
  private final int votes;
  private final @Nullable Duration promptAcks;

  private Change(
      String author,
      String message,
      @Nullable Integer base,
      Set<Exemption> exemptions,
      int votes,
      @Nullable Duration promptAcks) {
    this.author = author;
    this.message = message;
    this.base = base;
    this.exemptions = exemptions;
    this.votes = votes;
    this.promptAcks = promptAcks;
  }

  /** Returns a change by an author, 1 to 128 characters. */
  public static Change by(String author) {
    if (author.isBlank() || author.length() > LONGEST_AUTHOR) {
      throw new IllegalArgumentException(
          "author: " + author.length() + " characters (expected: 1 to " + LONGEST_AUTHOR + ")");
    }
    return new Change(author, "", null, Set.of(), 0, null);
  }

  /** A copy with a reason, at most 1,024 characters. */
  public Change because(String reason) {
    if (reason.length() > LONGEST_MESSAGE) {
      throw new IllegalArgumentException("message: " + reason.length()
          + " characters (expected: at most " + LONGEST_MESSAGE + ")");
    }
    return new Change(author, reason, base, exemptions, votes, promptAcks);
  }

  /** A copy that is a conflict unless this release is the stable one; 0 for none yet. */
  public Change onTopOf(int release) {
    if (release < 0) {
      throw new IllegalArgumentException("release: " + release + " (expected: 0 or more)");
    }
    return new Change(author, message, release, exemptions, votes, promptAcks);
  }

  /** A copy that may publish to stable while a gray release is open; the gray release stays as it is. */
  public Change allowOpenGrays() {
    return with(Exemption.ALLOW_OPEN_GRAYS);
  }

  /**
   * A copy that ends every open gray release in the transaction that makes the new release stable: all instances get the
   * stable release at once. Wins over {@link #allowOpenGrays}.
   */
  public Change abortGrays() {
    return with(Exemption.ABORT_GRAYS);
  }

  /** A copy that takes the silence of instances in a verified publish; those that reject still stop it. */
  public Change allowMissing() {
    return with(Exemption.ALLOW_MISSING);
  }

  /**
   * A copy whose verified publish needs that many instances that accept it; 0, unless set, for as many as there are. Without
   * it a verified publish goes through where no instance is alive, which verifies nothing.
   */
  public Change requireVotes(int instances) {
    if (instances < 0) {
      throw new IllegalArgumentException("votes: " + instances + " (expected: 0 or more)");
    }
    return new Change(author, message, base, exemptions, instances, promptAcks);
  }

  /** A copy that goes through in a freeze window. */
  public Change overrideFreeze() {
    return with(Exemption.OVERRIDE_FREEZE);
  }

  /**
   * A copy that goes through without the approvals that the policy requires: for an emergency. It needs a reason, and the
   * audit entry says that approvals were overridden.
   */
  public Change overrideApprovals() {
    return with(Exemption.OVERRIDE_APPROVALS);
  }

  /**
   * A copy whose caller waits for the instances to have what it brings into force: they report it at once. Without it an
   * instance reports that it has applied a release within 8 s, together with what else it has to report; rejections and votes
   * are always reported at once.
   *
   * @param within how long the caller waits at most; so long the instances report later changes at once, too
   */
  public Change promptAcks(Duration within) {
    if (within.isNegative() || within.isZero()) {
      throw new IllegalArgumentException("within: " + within + " (expected: more than zero)");
    }
    return new Change(author, message, base, exemptions, votes, within);
  }

  private Change with(Exemption exemption) {
    Set<Exemption> more = EnumSet.of(exemption);
    more.addAll(exemptions);
    return new Change(author, message, base, Collections.unmodifiableSet(more), votes, promptAcks);
  }

  /** The author. */
  public String author() {
    return author;
  }

  /** The reason; empty if none was given. */
  public String message() {
    return message;
  }

  /** The release that must be the stable one. */
  public Optional<Integer> base() {
    return Optional.ofNullable(base);
  }

  /** The number of instances that have to accept a verified publish; 0 for all that exist. */
  public int requiredVotes() {
    return votes;
  }

  /** The longest time that the caller waits for the instances; empty if it does not wait. */
  public Optional<Duration> promptAcks() {
    return Optional.ofNullable(promptAcks);
  }

  /** Tells if it may publish while a gray release is open. */
  public boolean allowsOpenGrays() {
    return exemptions.contains(Exemption.ALLOW_OPEN_GRAYS);
  }

  /** Tells if it ends the gray releases that are open. */
  public boolean abortsGrays() {
    return exemptions.contains(Exemption.ABORT_GRAYS);
  }

  /** Tells if instances that do not vote are allowed. */
  public boolean allowsMissing() {
    return exemptions.contains(Exemption.ALLOW_MISSING);
  }

  /** Tells if it goes through in a freeze window. */
  public boolean overridesFreeze() {
    return exemptions.contains(Exemption.OVERRIDE_FREEZE);
  }

  /** Tells if it goes through without the approvals of the policy. */
  public boolean overridesApprovals() {
    return exemptions.contains(Exemption.OVERRIDE_APPROVALS);
  }

  @Override
  public String toString() {
    return author + (message.isEmpty() ? "" : ": " + message);
  }
}
