package io.zookit.views;

import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import io.zookit.config.format.KeyChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A difference of two contents.
 *
 * @param from what it starts from
 * @param to what it leads to
 * @param keys what happened to each key; empty for texts without keys
 * @param unified the lines of a unified diff
 */
public record DiffShape(
    String namespace, String from, String to, List<KeyShape> keys, List<String> unified) {

  /**
   * A change of one key.
   *
   * @param change added, removed or changed
   * @param before null if the key did not exist
   * @param after null if the key was removed
   */
  public record KeyShape(
      String key,
      String change,
      @Nullable String before,
      @Nullable String after) {

    static KeyShape of(KeyChange change) {
      if (change instanceof KeyChange.Added added) {
        return new KeyShape(added.key(), "added", null, added.value());
      }
      if (change instanceof KeyChange.Removed removed) {
        return new KeyShape(removed.key(), "removed", removed.value(), null);
      }
      KeyChange.Changed changed = (KeyChange.Changed) change;
      return new KeyShape(changed.key(), "changed", changed.before(), changed.after());
    }
  }

  /** The shape of a difference. */
  public static DiffShape of(Namespace ns, String from, String to, Diff diff) {
    return new DiffShape(ns.toString(), from, to, keysOf(diff), diff.unified());
  }

  static List<KeyShape> keysOf(Diff diff) {
    return diff.keys().stream().map(KeyShape::of).toList();
  }
}
