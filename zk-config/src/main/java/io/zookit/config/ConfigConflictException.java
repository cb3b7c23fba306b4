package io.zookit.config;

import io.zookit.config.format.Diff;
import io.zookit.core.ZkException;
import java.util.function.Supplier;

/**
 * Somebody else changed the namespace first. Nothing has happened; both differences are here to be looked at, and are made
 * when they are: who only tries again does not pay for them.
 */
public final class ConfigConflictException extends ZkException {

  private final Namespace namespace;
  private final int base;
  private final int stable;
  private final transient Supplier<Diff> mine;
  private final transient Supplier<Diff> theirs;

  /**
   * Creates an exception.
   *
   * @param base the release that the change is based on
   * @param stable the release that is stable now
   * @param mine creates the difference between the base and the change
   * @param theirs creates the difference between the base and what is there now
   */
  public ConfigConflictException(
      Namespace namespace, int base, int stable, Supplier<Diff> mine, Supplier<Diff> theirs) {
    this(
        namespace,
        "release " + stable + " is stable (expected: " + base + ")",
        base,
        stable,
        mine,
        theirs);
  }

  /**
   * Creates an exception.
   *
   * @param reason what happened
   * @param base the release that the change is based on
   * @param stable the release that is stable now
   * @param mine creates the difference between the base and the change
   * @param theirs creates the difference between the base and what is there now
   */
  public ConfigConflictException(
      Namespace namespace,
      String reason,
      int base,
      int stable,
      Supplier<Diff> mine,
      Supplier<Diff> theirs) {
    super(namespace + ": " + reason + "; nothing was changed");
    this.namespace = namespace;
    this.base = base;
    this.stable = stable;
    this.mine = mine;
    this.theirs = theirs;
  }

  /** Where. */
  public Namespace namespace() {
    return namespace;
  }

  /** The release that the change was based on; 0 for none. */
  public int base() {
    return base;
  }

  /** The release that is stable now; 0 for none. */
  public int stable() {
    return stable;
  }

  /** From the base to what was to be published. */
  public Diff mine() {
    return mine.get();
  }

  /** From the base to what somebody else made of it: what is stable now, or the draft as it is now. */
  public Diff theirs() {
    return theirs.get();
  }
}
