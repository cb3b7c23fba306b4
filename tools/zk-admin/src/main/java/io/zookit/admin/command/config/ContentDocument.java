package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Output;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Release;
import io.zookit.config.format.Diff;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A content as programs see it.
 *
 * @param release null for a draft
 * @param draft null for a release
 * @param format properties, yaml, json or text
 * @param text with secrets hidden unless revealed
 * @param values by flat key
 */
public record ContentDocument(
    String namespace,
    @Nullable Integer release,
    @Nullable String draft,
    String format,
    String text,
    Map<String, String> values) {

  private static final Layout<ContentDocument> LAYOUT =
      Layout.of(ContentDocument::namespace, Column.of("TEXT", ContentDocument::text));

  /**
   * One value.
   *
   * @param release the release that contains it
   * @param value the value; hidden if it is secret and not revealed
   */
  record ValueDocument(String namespace, int release, String key, String value, boolean secret) {

    static final Layout<ValueDocument> LAYOUT = Layout.of(
        ValueDocument::key,
        Column.of("KEY", ValueDocument::key),
        Column.of("VALUE", ValueDocument::value));
  }

  static ContentDocument of(Release release, Content shown) {
    return of(release.namespace(), release.number(), null, shown);
  }

  /** Describes the content of a draft. */
  public static ContentDocument of(Draft draft, Content shown) {
    return of(draft.namespace(), null, draft.name(), shown);
  }

  private static ContentDocument of(
      Namespace ns, @Nullable Integer release, @Nullable String draft, Content shown) {
    return new ContentDocument(
        ns.toString(),
        release,
        draft,
        DisplayText.of(shown.format()),
        shown.text(),
        new TreeMap<>(shown.values()));
  }

  /** Returns a content with every secret hidden, or opened. */
  public static Content shown(History history, Content content, boolean reveal)
      throws InterruptedException {
    if (reveal) {
      return history.reveal(content);
    }
    Content shown = content;
    for (String key : content.values().keySet()) {
      if (content.isSecret(key)) {
        shown = shown.with(key, Diff.HIDDEN);
      }
    }
    return shown;
  }

  /** Writes it: its text as a table, its keys as names, all of it as JSON and YAML. */
  public void write(CommandContext context) {
    Output output = context.output();
    if (output.isTable()) {
      output.text(text.endsWith("\n") ? text : text + "\n", context.isOnTerminal());
    } else if (output.isNamesOnly()) {
      output.names(List.copyOf(values.keySet()));
    } else {
      output.show(this, LAYOUT);
    }
  }
}
