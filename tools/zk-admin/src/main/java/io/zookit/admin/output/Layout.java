package io.zookit.admin.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Layout of documents of one kind for human readers. Programs see the document itself. Immutable.
 *
 * @param naming returns the name of the document's subject, in the form that commands accept
 * @param columns of a list
 * @param paging returns the whole document
 * @param lining returns the document in one line, for a watch
 */
public record Layout<T>(
    Function<? super T, String> naming,
    List<Column<T>> columns,
    Function<? super T, Page> paging,
    Function<? super T, List<Cell>> lining) {

  /** A layout of columns; a page has what is not blank in them, one under the other. */
  @SafeVarargs
  public static <T> Layout<T> of(Function<? super T, String> naming, Column<T>... columns) {
    List<Column<T>> all = new ArrayList<>();
    for (Column<T> column : columns) {
      all.add(column);
    }
    return of(naming, List.copyOf(all));
  }

  /** A layout of a page only, for what is never in a list. */
  public static <T> Layout<T> ofPage(
      Function<? super T, String> naming, Function<? super T, Page> page) {
    return Layout.<T>of(naming, List.of()).withPage(page);
  }

  private static <T> Layout<T> of(Function<? super T, String> naming, List<Column<T>> columns) {
    return new Layout<>(
        naming,
        columns,
        document -> page(naming.apply(document), columns, document),
        document -> columns.stream()
            .map(column -> column.cell().apply(document))
            .collect(Collectors.toList()));
  }

  private static <T> Page page(String name, List<Column<T>> columns, T document) {
    Page page = Page.of(name);
    for (Column<T> column : columns) {
      Cell cell = column.cell().apply(document);
      if (!cell.text().isBlank() && !cell.text().equals(name)) {
        page.field(column.heading().toLowerCase(Locale.ROOT), cell);
      }
    }
    return page;
  }

  /** This layout with a page of its own. */
  public Layout<T> withPage(Function<? super T, Page> page) {
    return new Layout<>(naming, columns, page, lining);
  }

  /** This layout with a line of its own. */
  public Layout<T> withLine(Function<? super T, List<Cell>> line) {
    return new Layout<>(naming, columns, paging, line);
  }

  /** Returns the name of the document's subject. */
  public String name(T document) {
    return naming.apply(document);
  }

  /** Returns the whole document. */
  public Page page(T document) {
    return paging.apply(document);
  }

  /** Returns the document in one line. */
  public List<Cell> line(T document) {
    return lining.apply(document);
  }
}
