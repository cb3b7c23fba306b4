package io.zookit.admin.service;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.registry.ServiceSummary;
import org.jspecify.annotations.Nullable;

/**
 * A service in a list, as programs see it.
 *
 * @param instances how many are registered
 * @param inRotation how many of them are up, and neither disabled nor drained by operators
 * @param problem why it cannot be read; null if it can
 */
record SummaryDocument(
    String service,
    int instances,
    long inRotation,
    @Nullable String problem) {

  static final Layout<SummaryDocument> LAYOUT = Layout.of(
      SummaryDocument::service,
      Column.of("SERVICE", SummaryDocument::service),
      Column.of("INSTANCES", each -> each.problem == null ? each.instances : ""),
      new Column<>("IN ROTATION", SummaryDocument::rotation));

  /** A service that cannot be read has no numbers. */
  static SummaryDocument of(ServiceSummary service) {
    return service.problem().isPresent()
        ? new SummaryDocument(service.service(), 0, 0, service.problem().get())
        : new SummaryDocument(service.service(), service.instances(), service.healthy(), null);
  }

  private static Cell rotation(SummaryDocument each) {
    if (each.problem != null) {
      return new Cell("cannot be read: " + each.problem, Tone.BAD);
    }
    Tone some = each.inRotation < each.instances ? Tone.ODD : Tone.GOOD;
    return new Cell(String.valueOf(each.inRotation), each.inRotation == 0 ? Tone.BAD : some);
  }
}
