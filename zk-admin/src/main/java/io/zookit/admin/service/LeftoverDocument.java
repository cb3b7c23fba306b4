package io.zookit.admin.service;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.registry.Leftover;
import java.util.List;

/**
 * What may be removed, as programs see it.
 *
 * @param empty whether all of the service may be
 * @param rules the ids of instances of which operators say something that does not count any more
 */
record LeftoverDocument(String service, boolean empty, List<String> rules) {

  static final Layout<LeftoverDocument> LAYOUT = Layout.of(
      LeftoverDocument::service,
      Column.of("SERVICE", LeftoverDocument::service),
      Column.of("WHAT", each -> each.empty ? "all of it" : "rules"),
      Column.of("RULES", each -> String.join(", ", each.rules)));

  static LeftoverDocument of(Leftover leftover) {
    return new LeftoverDocument(leftover.service(), leftover.empty(), leftover.rules());
  }
}
