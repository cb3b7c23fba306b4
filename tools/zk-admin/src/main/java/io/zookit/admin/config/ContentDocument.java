package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.Content;
import io.zookit.config.Draft;
import io.zookit.config.Release;
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
record ContentDocument(
    String namespace,
    @Nullable Integer release,
    @Nullable String draft,
    String format,
    String text,
    Map<String, String> values) {

  static final Layout<ContentDocument> LAYOUT =
      Layout.of(ContentDocument::namespace, Column.of("TEXT", ContentDocument::text));

  static ContentDocument of(Release release, Content shown) {
    return new ContentDocument(
        release.namespace().toString(),
        release.number(),
        null,
        Words.of(shown.format()),
        shown.text(),
        new TreeMap<>(shown.values()));
  }

  static ContentDocument of(Draft draft, Content shown) {
    return new ContentDocument(
        draft.namespace().toString(),
        null,
        draft.name(),
        Words.of(shown.format()),
        shown.text(),
        new TreeMap<>(shown.values()));
  }
}
