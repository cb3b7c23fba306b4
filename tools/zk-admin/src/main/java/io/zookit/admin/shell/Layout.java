package io.zookit.admin.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Layout of documents of one kind for human readers. Programs see the document itself. */
public interface Layout<T> {

  /** A layout of columns only. */
  @SafeVarargs
  static <T> Layout<T> of(Function<? super T, String> name, Column<T>... columns) {
    List<Column<T>> all = new ArrayList<>();
    for (Column<T> column : columns) {
      all.add(column);
    }
    return new Layout<>() {
      @Override
      public String name(T document) {
        return name.apply(document);
      }

      @Override
      public List<Column<T>> columns() {
        return all;
      }
    };
  }

  /** Returns the name of the document's subject, in the form that commands accept. */
  String name(T document);

  /** The columns of a list. */
  List<Column<T>> columns();

  /** The whole thing. Unless it has a page of its own: what is not blank in its columns, one under the other. */
  default Page page(T document) {
    String name = name(document);
    Page page = Page.of(name);
    for (Column<T> column : columns()) {
      Cell cell = column.cell().apply(document);
      if (!cell.text().isBlank() && !cell.text().equals(name)) {
        page.field(column.heading().toLowerCase(Locale.ROOT), cell);
      }
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
