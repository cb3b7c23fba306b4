package io.zookit.config;

import io.zookit.config.format.Diff;
import io.zookit.core.ZkException;

/** Somebody else changed the namespace first. Nothing has happened; both differences are here to be looked at. */
public final class ConfigConflictException extends ZkException {

  private final Namespace namespace;
  private final int base;
  private final int stable;
  private final transient Diff mine;
  private final transient Diff theirs;

  ConfigConflictException(Namespace namespace, int base, int stable, Diff mine, Diff theirs) {
    this(
        namespace,
        "release " + stable + " is stable (expected: " + base + ")",
        base,
        stable,
        mine,
        theirs);
  }

  ConfigConflictException(
      Namespace namespace, String reason, int base, int stable, Diff mine, Diff theirs) {
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
    return mine;
  }

  /** From the base to what somebody else made of it: what is stable now, or the draft as it is now. */
  public Diff theirs() {
    return theirs;
  }
}
