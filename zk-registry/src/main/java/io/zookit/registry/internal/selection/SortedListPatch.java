package io.zookit.registry.internal.selection;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The places at which lists in the order of ids change: found once, applied to each list of that order. What is between
 * them is copied as a block, so that a change costs next to nothing however long the lists are.
 */
public final class SortedListPatch {

  private final int[] indices;
  private final boolean[] present;

  private SortedListPatch(int[] indices, boolean[] present) {
    this.indices = indices;
    this.present = present;
  }

  /**
   * Finds the places of some ids.
   *
   * @param ids in their order, each once
   * @param size of the lists
   * @param idAt the id at an index of them
   */
  public static SortedListPatch at(List<String> ids, int size, IntFunction<String> idAt) {
    int[] indices = new int[ids.size()];
    boolean[] present = new boolean[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int index = indexOf(ids.get(i), size, idAt);
      present[i] = index >= 0;
      indices[i] = present[i] ? index : -index - 1;
    }
    return new SortedListPatch(indices, present);
  }

  /** Returns the index of an id, or {@code -(insertion point) - 1} if the id is missing. */
  public static int indexOf(String id, int size, IntFunction<String> idAt) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = idAt.apply(middle).compareTo(id);
      if (order == 0) {
        return middle;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return -low - 1;
  }

  /**
   * A list after the change.
   *
   * @param next what is at each place from now on, if anything is
   * @return immutable
   */
  @SuppressWarnings("unchecked") // the elements come from lists of T
  public <T> List<T> apply(List<? extends T> list, List<Optional<T>> next) {
    Object[] old = list.toArray();
    Object[] patched = new Object[old.length + indices.length];
    int read = 0;
    int written = 0;
    for (int i = 0; i < indices.length; i++) {
      int block = indices[i] - read;
      System.arraycopy(old, read, patched, written, block);
      written += block;
      read = indices[i] + (present[i] ? 1 : 0);
      if (next.get(i).isPresent()) {
        patched[written++] = next.get(i).get();
      }
    }
    System.arraycopy(old, read, patched, written, old.length - read);
    T[] fitting = (T[]) Arrays.copyOf(patched, written + old.length - read);
    return Collections.unmodifiableList(Arrays.asList(fitting));
  }
}
