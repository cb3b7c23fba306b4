package io.zookit.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Notes on the rows by name, from a table next to the code: the method, and the reason if the target is missed. */
public final class RowNotes {

  private record Note(String method, String reason) {}

  private static final String TABLE = "rows.txt";

  private final Map<String, Note> notes = new HashMap<>();

  private RowNotes(String table) {
    for (String line : table.lines().toList()) {
      String[] columns = line.split("\\|", -1);
      if (columns.length == 3) {
        notes.put(columns[0].strip(), new Note(columns[1].strip(), columns[2].strip()));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        throw new IllegalArgumentException("notes: " + line + " (expected: name | method | why)");
      }
    }
  }

  /** The table that comes with the rows. */
  static RowNotes standard() {
    try (InputStream table = Objects.requireNonNull(RowNotes.class.getResourceAsStream(TABLE))) {
      return new RowNotes(new String(table.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the notes of the rows cannot be read", e);
    }
  }

  static RowNotes of(String table) {
    return new RowNotes(table);
  }

  /** Returns the description of what is measured; empty if the name says it. */
  String method(String row) {
    Note note = notes.get(row);
    return note == null ? "" : note.method;
  }

  /** Returns the explanation of where the time goes. */
  String reason(String row) {
    Note note = notes.get(row);
    return note == null || note.reason.isEmpty() ? "not explained yet" : note.reason;
  }
}
