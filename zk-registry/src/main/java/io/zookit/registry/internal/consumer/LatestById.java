package io.zookit.registry.internal.consumer;

import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.selection.SortedListPatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The node that counts for each id, in the order of the ids: a sorted list, plus the changes since the list was
 * created. A list takes a tenth of the memory of a map. Pure; used by one thread at a time.
 */
final class LatestById<N extends LiveNode> {

  private final Map<String, Optional<N>> changed = new HashMap<>();
  private List<N> settled = List.of();

  /** The node of an id, if there is one. */
  Optional<N> find(String id) {
    Optional<N> now = changed.get(id);
    if (now != null) {
      return now;
    }
    int index = SortedListPatch.indexOf(id, settled.size(), this::idAt);
    return index < 0 ? Optional.empty() : Optional.of(settled.get(index));
  }

  /** Another node counts for its id. */
  void put(N node) {
    changed.put(node.instance().id(), Optional.of(node));
  }

  /** No node counts for an id. */
  void remove(String id) {
    changed.put(id, Optional.empty());
  }

  /** All of them, as an immutable list. */
  List<N> all() {
    if (!changed.isEmpty()) {
      settled = merged();
      changed.clear();
    }
    return settled;
  }

  private List<N> merged() {
    List<String> ids = changed.keySet().stream().sorted().toList();
    List<Optional<N>> nodes = new ArrayList<>(ids.size());
    ids.forEach(id -> nodes.add(changed.getOrDefault(id, Optional.empty())));
    return SortedListPatch.at(ids, settled.size(), this::idAt).apply(settled, nodes);
  }

  private String idAt(int index) {
    return settled.get(index).instance().id();
  }
}
