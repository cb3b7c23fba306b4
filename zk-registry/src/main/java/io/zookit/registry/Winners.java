package io.zookit.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The node that counts for each id, in the order of the ids: a sorted list, and beside it what has changed since the
 * list was made. A list takes a tenth of what a map takes. Pure; used by one thread at a time.
 */
final class Winners<N extends KnownNodes.Live> {

  private final Map<String, Optional<N>> changed = new HashMap<>();
  private List<N> settled = List.of();

  /** The node of an id, if there is one. */
  Optional<N> find(String id) {
    Optional<N> now = changed.get(id);
    if (now != null) {
      return now;
    }
    int index = indexOf(id);
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
    List<N> merged = new ArrayList<>(settled.size() + changed.size());
    int next = 0;
    String[] ids = changed.keySet().toArray(new String[0]);
    Arrays.sort(ids);
    for (String id : ids) {
      int index = indexOf(id);
      int end = index < 0 ? -index - 1 : index;
      merged.addAll(settled.subList(next, end));
      changed.getOrDefault(id, Optional.empty()).ifPresent(merged::add);
      next = index < 0 ? end : end + 1;
    }
    merged.addAll(settled.subList(next, settled.size()));
    return List.copyOf(merged);
  }

  /** Where an id is, or −1 less where it would be. */
  private int indexOf(String id) {
    int low = 0;
    int high = settled.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = settled.get(middle).instance().id().compareTo(id);
      if (order == 0) {
        return middle;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return -low - 1;
  }
}
