package io.zookit.admin.job;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.scheduler.JobNode;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node as programs see it.
 *
 * @param handlers what it can run, with versions
 * @param wallClock what its clock said when it last wrote
 * @param tzdb the version of its time zone data
 * @param draining whether it is about to leave
 */
record NodeDocument(
    String id,
    String node,
    Map<String, Integer> handlers,
    int weight,
    Instant wallClock,
    String tzdb,
    boolean draining) {

  static final Layout<NodeDocument> LAYOUT = Layout.of(
      NodeDocument::id,
      Column.of("NODE", NodeDocument::node),
      Column.of("HANDLERS", node -> node.handlers.isEmpty() ? "" : node.handlers),
      Column.of("WEIGHT", NodeDocument::weight),
      Column.of("CLOCK", node -> RunDocument.seconds(node.wallClock)),
      Column.of("TZDB", NodeDocument::tzdb),
      new Column<>("STATE", node -> node.draining ? new Cell("leaving", Tone.ODD) : Cell.of("up")));

  static NodeDocument of(JobNode node) {
    return new NodeDocument(
        node.id(),
        node.label(),
        new TreeMap<>(node.handlers()),
        node.weight(),
        node.wallClock(),
        node.tzdb(),
        node.draining());
  }
}
