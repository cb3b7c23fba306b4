package io.zookit.group;

/** The source of the owners in a {@link GroupView}. */
public enum OwnerSource {
  /** The plan: the member that is to own each partition, which may not own it yet. */
  PLAN,
  /** The claims: the member that owns each partition, as of the last read. */
  CLAIMS
}
