package io.zookit.registry.internal.consumer;

import io.zookit.registry.internal.store.NodeRef;

/** Wrong rules for what a consumer reads, which a simulation must notice. */
public final class WrongInvalidations {

  private WrongInvalidations() {}

  /** Forgets what an abandoned or refused read was to read. */
  public static Invalidations forgettingReads() {
    return new Invalidations() {
      @Override
      void add(Invalidations earlier) {}
    };
  }

  /** Believes the deletion of a node although it was created again afterwards. */
  public static Invalidations believingDeletions() {
    return new Invalidations() {
      @Override
      void add(NodeRef node) {
        if (!deleted().contains(node)) {
          super.add(node);
        }
      }
    };
  }
}
