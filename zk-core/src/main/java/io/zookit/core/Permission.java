package io.zookit.core;

/** A right of an identity to a node. Deleting a node needs {@code DELETE} on its <i>parent</i>. */
public enum Permission {
  /** Read data and list children. */
  READ,
  /** Replace data. */
  WRITE,
  /** Create children. */
  CREATE,
  /** Delete children. */
  DELETE,
  /** Change the access list. */
  ADMIN
}
