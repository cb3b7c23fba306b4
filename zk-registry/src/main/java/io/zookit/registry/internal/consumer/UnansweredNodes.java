package io.zookit.registry.internal.consumer;

import io.zookit.registry.internal.store.NodeRef;
import java.util.HashSet;
import java.util.Set;

/**
 * The nodes of the first request without an answer each time the connection breaks. If the same nodes are among them
 * repeatedly, one of them may be too large for a packet: their sizes are queried before they are read.
 *
 * <p><i>Threads:</i> used on the loop.
 */
final class UnansweredNodes {

  /** After this many breaks in a row the nodes are measured. */
  private static final int BREAKS = 2;

  private final Set<NodeRef> nodes = new HashSet<>();
  private int breaks;

  /** Adds the nodes of a request that was not answered. */
  void add(Set<NodeRef> request) {
    boolean again = breaks > 0 && request.stream().anyMatch(nodes::contains);
    breaks = again ? breaks + 1 : 1;
    if (!again) {
      nodes.clear();
    }
    nodes.addAll(request);
  }

  /** Forgets all: everything was answered. */
  void clear() {
    breaks = 0;
    nodes.clear();
  }

  /** The nodes whose sizes are to be queried before they are read. */
  Set<NodeRef> toMeasure() {
    return breaks < BREAKS ? Set.of() : nodes;
  }
}
