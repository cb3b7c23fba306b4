package io.zookit.admin.command.config;

import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.views.NamespaceShape;

/** The layout of namespaces for human readers. */
public final class NamespaceLayout {

  /** Layout of a namespace. */
  public static final Layout<NamespaceShape> OF_NAMESPACE = Layout.of(
      NamespaceShape::namespace,
      Column.of("NAMESPACE", NamespaceShape::namespace),
      Column.of("STABLE", ns -> DisplayText.orBlank(DisplayText.orNull(ns.stable()))),
      Column.of("GRAY", ns -> DisplayText.list(ns.grays())),
      new Column<>("STATE", NamespaceLayout::standing),
      Column.of("REVISION", ns -> ns.problem() == null ? ns.revision() : ""),
      Column.of("BY", NamespaceShape::by),
      Column.of("AT", ns -> DisplayText.secondsOrBlank(ns.at())),
      Column.of("MESSAGE", NamespaceShape::message));

  private static Cell standing(NamespaceShape ns) {
    String problem = ns.problem();
    if (problem != null) {
      return ReadFailures.cell(problem);
    }
    if (ns.deleted()) {
      return new Cell("deleted", Style.BAD);
    }
    if (ns.candidate().isPresent()) {
      return new Cell("vote on " + ns.candidate().getAsInt(), Style.ODD);
    }
    return ns.stable().isEmpty()
        ? new Cell("no release", Style.ODD)
        : new Cell("in force", Style.GOOD);
  }

  private NamespaceLayout() {}
}
