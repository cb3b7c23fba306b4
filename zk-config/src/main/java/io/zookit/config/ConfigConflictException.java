package io.zookit.config;

import io.zookit.config.format.Diff;
import io.zookit.core.ZkException;
import java.util.function.Supplier;

/**
 * Another client changed the namespace first. Nothing was changed. Both differences are computed on demand, so a caller
 * that only tries again does not pay for them.
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
   * @param theirs creates the difference between the base and the present state
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
   * @param theirs creates the difference between the base and the present state
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

  /** The namespace. */
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

  /** The difference between the base and the present state: the stable release, or the draft as it is now. */
  public Diff theirs() {
    return theirs.get();
  }
}
