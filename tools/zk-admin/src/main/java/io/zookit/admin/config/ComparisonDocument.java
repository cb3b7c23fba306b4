package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.config.Environments;
import java.util.List;

/**
 * The difference of two namespaces as programs see it.
 *
 * @param from the namespace that the difference starts from
 * @param fromRelease its stable release; 0 for none
 * @param to the namespace that the difference leads to
 * @param toRelease its stable release; 0 for none
 * @param same whether all values are the same
 * @param keys what is different of each key; empty for texts without keys
 * @param unified the lines of a unified diff
 * @param uncompared the secret keys whose values could not be compared
 */
record ComparisonDocument(
    String from,
    int fromRelease,
    String to,
    int toRelease,
    boolean same,
    List<DiffDocument.KeyLine> keys,
    List<String> unified,
    List<String> uncompared) {

  static ComparisonDocument of(Environments.Comparison comparison) {
    return new ComparisonDocument(
        comparison.from().toString(),
        comparison.fromRelease(),
        comparison.to().toString(),
        comparison.toRelease(),
        comparison.same(),
        comparison.diff().keys().stream().map(DiffDocument.KeyLine::of).toList(),
        comparison.diff().unified(),
        comparison.uncompared());
  }

  /** Layout of a comparison, with its lines in the requested form. */
  record ComparisonLayout(List<Cell> lines) implements Layout<ComparisonDocument> {

    @Override
    public String name(ComparisonDocument comparison) {
      return comparison.to;
    }

    @Override
    public List<Column<ComparisonDocument>> columns() {
      return List.of(
          Column.of("FROM", ComparisonDocument::from),
          Column.of("RELEASE", ComparisonDocument::fromRelease),
          Column.of("TO", ComparisonDocument::to),
          Column.of("RELEASE", ComparisonDocument::toRelease),
          Column.of("KEYS", comparison -> comparison.keys.size()));
    }

    @Override
    public Page page(ComparisonDocument comparison) {
      Page page = Page.of("from " + comparison.from + " release " + comparison.fromRelease + " to "
          + comparison.to + " release " + comparison.toRelease);
      return lines.isEmpty() ? page.text(List.of(Cell.of("no difference"))) : page.text(lines);
    }
  }
}
