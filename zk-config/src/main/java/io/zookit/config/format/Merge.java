package io.zookit.config.format;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Two changes of one text brought together, key by key.
 *
 * @param merged theirs with the keys that only mine changed
 * @param conflicts the keys that both changed, differently; then {@code merged} has theirs
 */
public record Merge(Document merged, List<String> conflicts) {

  /** Creates a merge. */
  public Merge {
    conflicts = List.copyOf(conflicts);
  }

  /** Tells if nothing is left to decide. */
  public boolean isClean() {
    return conflicts.isEmpty();
  }

  /**
   * Takes the changes from {@code base} to {@code mine} over to {@code theirs}. Texts without keys, and texts whose format
   * was changed, are one value.
   */
  public static Merge of(Document base, Document mine, Document theirs) {
    if (!mine.format().isStructured()
        || mine.format() != theirs.format()
        || base.format() != theirs.format()) {
      return whole(base, mine, theirs);
    }
    Set<String> keys = new LinkedHashSet<>(base.values().keySet());
    keys.addAll(mine.values().keySet());
    Document merged = theirs;
    List<String> conflicts = new ArrayList<>();
    for (String key : keys) {
      Optional<String> was = base.value(key);
      Optional<String> wanted = mine.value(key);
      Optional<String> present = theirs.value(key);
      if (wanted.equals(was) || wanted.equals(present)) {
        continue;
      }
      if (!present.equals(was)) {
        conflicts.add(key);
      } else {
        Document so = merged;
        merged = wanted.map(value -> so.with(key, value)).orElseGet(() -> so.without(key));
      }
    }
    return new Merge(merged, conflicts);
  }

  private static Merge whole(Document base, Document mine, Document theirs) {
    if (same(mine, base) || same(mine, theirs)) {
      return new Merge(theirs, List.of());
    }
    return same(theirs, base)
        ? new Merge(mine, List.of())
        : new Merge(theirs, List.of(Document.WHOLE));
  }

  private static boolean same(Document a, Document b) {
    return a.format() == b.format() && a.text().equals(b.text());
  }
}
