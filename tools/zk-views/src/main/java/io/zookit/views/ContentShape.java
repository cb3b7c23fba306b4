package io.zookit.views;

import io.zookit.config.Content;
import io.zookit.config.Release;
import io.zookit.config.format.Diff;
import io.zookit.config.format.Format;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A content with its secrets hidden.
 *
 * @param release null for a draft
 * @param draft null for a release
 * @param values by flat key
 */
public record ContentShape(
    String namespace,
    @Nullable Integer release,
    @Nullable String draft,
    Format format,
    String text,
    Map<String, String> values) {

  /** The shape of the content of a release. */
  public static ContentShape of(Release release, Content content) {
    Content shown = hidden(content);
    return new ContentShape(
        release.namespace().toString(),
        release.number(),
        null,
        shown.format(),
        shown.text(),
        shown.values());
  }

  /** A copy in which every secret value is replaced by {@link Diff#HIDDEN}. */
  public static Content hidden(Content content) {
    Content shown = content;
    for (String key : content.values().keySet()) {
      if (content.isSecret(key)) {
        shown = shown.with(key, Diff.HIDDEN);
      }
    }
    return shown;
  }
}
