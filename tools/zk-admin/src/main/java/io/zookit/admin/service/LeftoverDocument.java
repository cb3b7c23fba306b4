package io.zookit.admin.service;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.registry.StaleEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a service that may be removed, as programs see them.
 *
 * @param empty whether the whole service may be removed
 * @param rules the ids of instances whose operator rule no longer applies
 * @param problem the reason the service cannot be read; null if it can be read
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
