package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.ConfigStore;
import java.time.Instant;

/**
 * A reason for a value as programs see it.
 *
 * @param layer the namespace it comes from
 * @param rule why this release
 */
record ReasonDocument(
    String value, String layer, int release, String rule, String author, Instant at) {

  static final Layout<ReasonDocument> LAYOUT = Layout.of(
      ReasonDocument::value,
      Column.of("VALUE", ReasonDocument::value),
      Column.of("LAYER", ReasonDocument::layer),
      Column.of("RELEASE", ReasonDocument::release),
      Column.of("RULE", ReasonDocument::rule),
      Column.of("BY", ReasonDocument::author),
      Column.of("AT", reason -> Words.seconds(reason.at)));

  static ReasonDocument of(ConfigStore.Explained reason) {
    return new ReasonDocument(
        reason.value(),
        reason.origin().layer(),
        reason.origin().release(),
        reason.origin().rule(),
        reason.origin().author(),
        reason.origin().at());
  }
}
