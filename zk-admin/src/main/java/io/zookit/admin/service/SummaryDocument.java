package io.zookit.admin.service;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;

/**
 * A service in a list, as programs see it.
 *
 * @param instances how many are registered
 * @param inRotation how many of them are up, and neither disabled nor drained by operators
 */
record SummaryDocument(String service, int instances, long inRotation) {

  static final Layout<SummaryDocument> LAYOUT = Layout.of(
      SummaryDocument::service,
      Column.of("SERVICE", SummaryDocument::service),
      Column.of("INSTANCES", SummaryDocument::instances),
      new Column<>(
          "IN ROTATION",
          each -> new Cell(
              String.valueOf(each.inRotation),
              each.inRotation == 0
                  ? Tone.BAD
                  : each.inRotation < each.instances ? Tone.ODD : Tone.GOOD)));

  static SummaryDocument of(ServiceDocument service) {
    return new SummaryDocument(service.service(), service.instances().size(), service.up());
  }
}
