package io.zookit.admin.command.id;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.id.IdLayout;
import io.zookit.id.IdReport;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A name of ids, as programs see it.
 *
 * @param next a lower bound of the next number; null if there is none
 * @param size numbers that one write allocates; null for ids that are not numbers
 * @param layout of snowflake ids; null for other kinds
 * @param reason why it is blocked; null if it is not
 */
record IdDocument(
    String name,
    String kind,
    String state,
    @Nullable Long next,
    @Nullable Long size,
    long incarnation,
    int generation,
    @Nullable String layout,
    @Nullable String reason) {

  static final Layout<IdDocument> LAYOUT = Layout.of(
      IdDocument::name,
      Column.of("NAME", IdDocument::name),
      Column.of("KIND", IdDocument::kind),
      new Column<>("STATE", IdDocument::stateCell),
      Column.of("NEXT", each -> text(each.next)),
      Column.of("SIZE", each -> text(each.size)),
      Column.of("GENERATION", IdDocument::generation),
      Column.of("INCARNATION", IdDocument::incarnation),
      Column.of("LAYOUT", each -> text(each.layout)),
      Column.of("REASON", each -> text(each.reason)));

  static IdDocument of(IdReport report) {
    boolean isNumbers = report.kind().equals("sequence") || report.kind().equals("segments");
    return new IdDocument(
        report.name(),
        report.kind(),
        report.state().name().toLowerCase(Locale.ROOT),
        report.next().isPresent() ? report.next().getAsLong() : null,
        isNumbers ? report.size() : null,
        report.incarnation(),
        report.generation(),
        report.layout().map(IdLayout::toString).orElse(null),
        report.reason().orElse(null));
  }

  private Cell stateCell() {
    Style style = switch (state) {
      case "open" -> Style.GOOD;
      case "blocked" -> Style.BAD;
      default -> Style.ODD;
    };
    return new Cell(state, style);
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
