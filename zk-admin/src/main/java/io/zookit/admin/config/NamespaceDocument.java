package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
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
 */
record NamespaceDocument(
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
    Instant at,
    String message) {

  static final Layout<NamespaceDocument> LAYOUT = Layout.of(
      NamespaceDocument::namespace,
      Column.of("NAMESPACE", NamespaceDocument::namespace),
      Column.of("STABLE", ns -> Words.orBlank(ns.stable)),
      Column.of("GRAY", ns -> Words.list(ns.grays)),
      new Column<>("STATE", NamespaceDocument::standing),
      Column.of("REVISION", NamespaceDocument::revision),
      Column.of("BY", NamespaceDocument::by),
      Column.of("AT", ns -> Words.seconds(ns.at)),
      Column.of("MESSAGE", NamespaceDocument::message));

  static NamespaceDocument of(NamespaceState state) {
    return new NamespaceDocument(
        state.namespace().toString(),
        Words.orNull(state.stable()),
        state.lastRelease(),
        state.epoch(),
        state.revision(),
        state.deleted(),
        state.grays(),
        Words.orNull(state.candidate()),
        state.pins(),
        state.layers().stream().map(Namespace::toString).toList(),
        state.by(),
        state.at(),
        state.message());
  }

  private static Cell standing(NamespaceDocument ns) {
    if (ns.deleted) {
      return new Cell("deleted", Tone.BAD);
    }
    return ns.candidate == null
        ? new Cell("in force", Tone.GOOD)
        : new Cell("vote on " + ns.candidate, Tone.ODD);
  }
}
