package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.gray.Instance;
import java.util.Map;

/**
 * An instance that an audience reaches.
 *
 * @param instance its id
 */
record MatchDocument(String instance, String address, Map<String, String> labels) {

  static final Layout<MatchDocument> LAYOUT = Layout.of(
      MatchDocument::instance,
      Column.of("INSTANCE", MatchDocument::instance),
      Column.of("ADDRESS", MatchDocument::address),
      Column.of("LABELS", match -> match.labels.isEmpty() ? "" : match.labels));

  static MatchDocument of(Instance instance) {
    return new MatchDocument(instance.id(), instance.address(), instance.labels());
  }
}
