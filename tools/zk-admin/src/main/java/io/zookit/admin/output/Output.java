package io.zookit.admin.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zookit.views.ViewJson;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes the data of a command in the requested format. Documents are records, many of them shapes that the
 * console answers with, too; see {@link ViewJson}. Their structure is stable.
 */
public final class Output {

  private static final ObjectMapper JSON = ViewJson.mapper();
  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
  private static final DefaultPrettyPrinter PRETTY = new DefaultPrettyPrinter(
          Separators.createDefaultInstance()
              .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator(""))
      .withObjectIndenter(LINES)
      .withArrayIndenter(LINES);
  private static final Dump YAML = new Dump(DumpSettings.builder()
      .setDefaultFlowStyle(FlowStyle.BLOCK)
      .setIndicatorIndent(2)
      .setIndentWithIndicator(true)
      .build());

  private final PrintStream out;
  private final OutputFormat format;
  private final boolean colored;

  /** An output for data in a format. */
  public Output(PrintStream out, OutputFormat format, boolean colored) {
    this.out = out;
    this.format = format;
    this.colored = colored;
  }

  /** Returns whether only names are requested, so that nothing else needs to be fetched. */
  public boolean isNamesOnly() {
    return format == OutputFormat.NAME;
  }

  /** Writes names, for a list of which nothing else was requested. */
  public void names(List<String> names) {
    names.forEach(name -> out.println(Cell.printable(name)));
  }

  /** Writes a list. */
  public <T extends Record> void list(List<T> documents, Layout<T> layout) {
    switch (format) {
      case TABLE -> print(Table.of(layout.columns(), documents).render("", colored));
      case JSON -> out.println(json(documents, true));
      case YAML -> out.print(yaml(documents));
      case NAME -> names(documents.stream().map(layout::name).toList());
    }
  }

  /** Writes one thing. */
  public <T extends Record> void show(T document, Layout<T> layout) {
    switch (format) {
      case TABLE -> print(layout.page(document).render(colored));
      case JSON -> out.println(json(document, true));
      case YAML -> out.print(yaml(document));
      case NAME -> names(List.of(layout.name(document)));
    }
  }

  /**
   * Writes the next document of a watch.
   *
   * @return false if the output can no longer be written, for example because its reader has closed it
   */
  public <T extends Record> boolean next(T document, Layout<T> layout) {
    switch (format) {
      case TABLE ->
        out.println(layout.line(document).stream()
            .map(cell -> cell.painted(colored))
            .collect(Collectors.joining("  ")));
      case JSON -> out.println(json(document, false));
      case YAML -> out.print("---\n" + yaml(document));
      case NAME -> names(List.of(layout.name(document)));
    }
    return !out.checkError();
  }

  /** Returns whether the format is the table, which is meant for human readers. */
  public boolean isTable() {
    return format == OutputFormat.TABLE;
  }

  /** Writes a text that others wrote: as it is into a file, without what would drive a terminal on one. */
  public void text(String text, boolean onTerminal) {
    if (onTerminal) {
      text.lines().map(line -> Cell.printable(line.replace("\t", "    "))).forEach(out::println);
    } else {
      raw(text);
    }
  }

  /** Writes a text as it is: a script, a file. */
  public void raw(String text) {
    out.print(text);
    out.flush();
  }

  private void print(List<String> lines) {
    lines.forEach(out::println);
  }

  private static String json(Object document, boolean pretty) {
    try {
      return pretty
          ? JSON.writer(PRETTY).writeValueAsString(document)
          : JSON.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document cannot be written: " + document, e);
    }
  }

  private static String yaml(Object document) {
    return YAML.dumpToString(JSON.convertValue(document, Object.class));
  }
}
