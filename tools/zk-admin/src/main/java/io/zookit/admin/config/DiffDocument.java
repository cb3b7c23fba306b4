package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.config.Namespace;
import io.zookit.config.format.Diff;
import io.zookit.config.format.KeyChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A difference as programs see it.
 *
 * @param from what it starts from
 * @param to what it leads to
 * @param keys what happened to each key; empty for texts without keys
 * @param unified the lines of a unified diff
 */
record DiffDocument(
    String namespace, String from, String to, List<KeyLine> keys, List<String> unified) {

  /**
   * A change of one key.
   *
   * @param change added, removed or changed
   * @param before the previous value; null if the key did not exist
   * @param after the new value; null if the key was removed
   */
  record KeyLine(
      String key,
      String change,
      @Nullable String before,
      @Nullable String after) {

    static KeyLine of(KeyChange change) {
      if (change instanceof KeyChange.Added added) {
        return new KeyLine(added.key(), "added", null, added.value());
      }
      if (change instanceof KeyChange.Removed removed) {
        return new KeyLine(removed.key(), "removed", removed.value(), null);
      }
      KeyChange.Changed changed = (KeyChange.Changed) change;
      return new KeyLine(changed.key(), "changed", changed.before(), changed.after());
    }
  }

  static DiffDocument of(Namespace ns, String from, String to, Diff diff) {
    return new DiffDocument(
        ns.toString(), from, to, diff.keys().stream().map(KeyLine::of).toList(), diff.unified());
  }

  /** Layout of a difference, with its lines in the requested form. */
  record Lines(List<Cell> lines) implements Layout<DiffDocument> {

    @Override
    public String name(DiffDocument diff) {
      return diff.namespace;
    }

    @Override
    public List<Column<DiffDocument>> columns() {
      return List.of(
          Column.of("NAMESPACE", DiffDocument::namespace),
          Column.of("FROM", DiffDocument::from),
          Column.of("TO", DiffDocument::to),
          Column.of("KEYS", diff -> diff.keys.size()));
    }

    @Override
    public Page page(DiffDocument diff) {
      Page page = Page.of(diff.namespace + " from " + diff.from + " to " + diff.to);
      return lines.isEmpty() ? page.text(List.of(Cell.of("no difference"))) : page.text(lines);
    }
  }
}
