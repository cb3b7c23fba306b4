package io.zookit.admin.command.config;

import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A namespace as programs see it.
 *
 * @param stable the stable release; null when there is none
 * @param candidate the release that clients vote on; null when there is none
 * @param problem why it cannot be read; null if it can
 */
public record NamespaceDocument(
    String namespace,
    @Nullable Integer stable,
    int lastRelease,
    long epoch,
    long revision,
    boolean deleted,
    List<String> grays,
    @Nullable Integer candidate,
    List<Integer> pins,
    List<String> layers,
    String by,
    @Nullable Instant at,
    String message,
    @Nullable String problem) {

  /** Layout of a namespace. */
  public static final Layout<NamespaceDocument> LAYOUT = Layout.of(
      NamespaceDocument::namespace,
      Column.of("NAMESPACE", NamespaceDocument::namespace),
      Column.of("STABLE", ns -> DisplayText.orBlank(ns.stable)),
      Column.of("GRAY", ns -> DisplayText.list(ns.grays)),
      new Column<>("STATE", NamespaceDocument::standing),
      Column.of("REVISION", ns -> ns.problem == null ? ns.revision : ""),
      Column.of("BY", NamespaceDocument::by),
      Column.of("AT", ns -> DisplayText.secondsOrBlank(ns.at)),
      Column.of("MESSAGE", NamespaceDocument::message));

  /** Describes a namespace. */
  public static NamespaceDocument of(NamespaceState state) {
    return new NamespaceDocument(
        state.namespace().toString(),
        DisplayText.orNull(state.stable()),
        state.lastRelease(),
        state.epoch(),
        state.revision(),
        state.deleted(),
        state.grays(),
        DisplayText.orNull(state.candidate()),
        state.pins(),
        state.layers().stream().map(Namespace::toString).toList(),
        state.by(),
        state.at(),
        state.message(),
        null);
  }

  /** Describes a namespace that cannot be read. */
  public static NamespaceDocument unreadable(String namespace, String problem) {
    return new NamespaceDocument(
        namespace, null, 0, 0, 0, false, List.of(), null, List.of(), List.of(), "", null, "",
        problem);
  }

  private static Cell standing(NamespaceDocument ns) {
    if (ns.problem != null) {
      return ReadFailures.cell(ns.problem);
    }
    if (ns.deleted) {
      return new Cell("deleted", Style.BAD);
    }
    if (ns.candidate != null) {
      return new Cell("vote on " + ns.candidate, Style.ODD);
    }
    return ns.stable == null ? new Cell("no release", Style.ODD) : new Cell("in force", Style.GOOD);
  }
}
