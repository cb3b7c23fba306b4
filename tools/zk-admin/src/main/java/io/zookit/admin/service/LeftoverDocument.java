package io.zookit.admin.service;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.registry.StaleEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be removed, as programs see it.
 *
 * @param empty whether all of the service may be
 * @param rules the ids of instances of which operators say something that does not count any more
 * @param problem why it cannot be told; null if it can
 */
record LeftoverDocument(
    String service,
    boolean empty,
    List<String> rules,
    @Nullable String problem) {

  static final Layout<LeftoverDocument> LAYOUT = Layout.of(
      LeftoverDocument::service,
      Column.of("SERVICE", LeftoverDocument::service),
      new Column<>("WHAT", LeftoverDocument::what),
      Column.of("RULES", each -> String.join(", ", each.rules)));

  static LeftoverDocument of(StaleEntry leftover) {
    return new LeftoverDocument(leftover.service(), leftover.empty(), leftover.rules(), null);
  }

  static LeftoverDocument unreadable(String service, String problem) {
    return new LeftoverDocument(service, false, List.of(), problem);
  }

  private static Cell what(LeftoverDocument each) {
    return each.problem == null
        ? new Cell(each.empty ? "all of it" : "rules", Tone.PLAIN)
        : new Cell("cannot be read: " + each.problem, Tone.BAD);
  }
}
