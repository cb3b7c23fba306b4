package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.Maintenance;
import java.time.Instant;

/**
 * A data key as programs see it.
 *
 * @param id what sealed values call it
 * @param master the key it is wrapped with
 */
record KeyDocument(String id, String master, Instant at) {

  static final Layout<KeyDocument> LAYOUT = Layout.of(
      KeyDocument::id,
      Column.of("KEY", KeyDocument::id),
      Column.of("WRAPPED WITH", KeyDocument::master),
      Column.of("AT", key -> Words.seconds(key.at)));

  static KeyDocument of(Maintenance.Key key) {
    return new KeyDocument(key.id(), key.master(), key.at());
  }
}
