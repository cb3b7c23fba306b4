package io.zookit.admin.output;

import java.util.function.Function;

/**
 * A column of a table.
 *
 * @param heading in capitals
 * @param cell of a row
 */
public record Column<T>(String heading, Function<? super T, Cell> cell) {

  /** A column of texts that mean nothing special. */
  public static <T> Column<T> of(String heading, Function<? super T, ?> text) {
    return new Column<>(heading, row -> Cell.of(text.apply(row)));
  }
}
