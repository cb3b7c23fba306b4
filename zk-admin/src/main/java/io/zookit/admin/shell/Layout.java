package io.zookit.admin.shell;

import java.util.List;
import java.util.stream.Collectors;

/** How documents of one kind look to people. What programs see is the document itself. */
public interface Layout<T> {

  /** What the thing is called, as a command takes it. */
  String name(T document);

  /** The columns of a list. */
  List<Column<T>> columns();

  /** The whole thing. Unless it has a page of its own: its columns, one under the other. */
  default Page page(T document) {
    Page page = Page.of(name(document));
    for (Column<T> column : columns()) {
      page.field(
          column.heading().toLowerCase(java.util.Locale.ROOT), column.cell().apply(document));
    }
    return page;
  }

  /** The thing in one line, for a watch. */
  default List<Cell> line(T document) {
    return columns().stream()
        .map(column -> column.cell().apply(document))
        .collect(Collectors.toList());
  }
}
