package io.zookit.admin.command.config.gray;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.config.GrayRelease;
import io.zookit.config.gray.Instance;
import java.time.Instant;
import java.util.List;

/**
 * A gray release as programs see it.
 *
 * @param step the present step, from 1
 * @param steps how many there are
 * @param matched the live instances that are to have it
 * @param applied how many of them have it
 * @param rejected how many of them refused it, with reasons
 */
record GrayDocument(
    String namespace,
    String name,
    int release,
    int step,
    int steps,
    String audience,
    boolean paused,
    Instant since,
    List<String> matched,
    int applied,
    List<String> rejected) {

  static final Layout<GrayDocument> LAYOUT = Layout.of(
      GrayDocument::name,
      Column.of("GRAY", GrayDocument::name),
      Column.of("RELEASE", GrayDocument::release),
      Column.of("STEP", gray -> gray.step + " of " + gray.steps),
      Column.of("AUDIENCE", GrayDocument::audience),
      new Column<>("STATE", GrayDocument::standing),
      Column.of("APPLIED", gray -> gray.applied + " of " + gray.matched.size()),
      new Column<>("REJECTED", gray -> new Cell(String.join("; ", gray.rejected), Style.BAD)),
      Column.of("SINCE", gray -> DisplayText.seconds(gray.since)));

  static GrayDocument of(GrayRelease gray) throws InterruptedException {
    GrayRelease.Status status = gray.status();
    return new GrayDocument(
        gray.namespace().toString(),
        gray.name(),
        gray.release(),
        status.step() + 1,
        status.steps(),
        status.audience().toString(),
        status.paused(),
        status.since(),
        status.matched().stream().map(Instance::id).sorted().toList(),
        status.applied(),
        status.rejected());
  }

  private static Cell standing(GrayDocument gray) {
    return gray.paused ? new Cell("paused", Style.ODD) : new Cell("open", Style.GOOD);
  }

  /** Writes the state of a gray release. */
  static void show(CommandContext context, GrayRelease gray) throws InterruptedException {
    context.output().show(of(gray), LAYOUT);
  }
}
