package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.Release;
import java.time.Instant;

/**
 * The stable release of a namespace after an apply.
 *
 * @param namespace which has it
 * @param release its number
 * @param at when it was made, which may be long ago
 */
record AppliedDocument(String namespace, int release, String author, Instant at) {

  static final Layout<AppliedDocument> LAYOUT = Layout.of(
      AppliedDocument::namespace,
      Column.of("NAMESPACE", AppliedDocument::namespace),
      Column.of("RELEASE", AppliedDocument::release),
      Column.of("BY", AppliedDocument::author),
      Column.of("AT", applied -> Words.seconds(applied.at)));

  static AppliedDocument of(Release release) {
    return new AppliedDocument(
        release.namespace().toString(), release.number(), release.author(), release.at());
  }
}
