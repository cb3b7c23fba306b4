package io.zookit.registry.internal.store;

/** A node of a service, whatever its name. */
public record NodeRef(String bucket, String name) {

  /** By the name alone: it is different in nearly all cases. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeRef that && name.equals(that.name) && bucket.equals(that.bucket);
  }
}
