package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;

/**
 * One value as programs see it.
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
