package io.zookit.admin.command.config.gray;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.config.GrayRelease;
import io.zookit.views.GrayShape;

/** The layout of gray releases for human readers. */
final class GrayLayout {

  static final Layout<GrayShape> OF_GRAY = Layout.of(
      GrayShape::name,
      Column.of("GRAY", GrayShape::name),
      Column.of("RELEASE", GrayShape::release),
      Column.of("STEP", gray -> gray.step() + " of " + gray.steps()),
      Column.of("AUDIENCE", GrayShape::audience),
      new Column<>("STATE", GrayLayout::standing),
      Column.of("APPLIED", gray -> gray.applied() + " of " + gray.matched().size()),
      new Column<>("REJECTED", gray -> new Cell(String.join("; ", gray.rejected()), Style.BAD)),
      Column.of("SINCE", gray -> DisplayText.seconds(gray.since())));

  private GrayLayout() {}

  private static Cell standing(GrayShape gray) {
    return gray.paused() ? new Cell("paused", Style.ODD) : new Cell("open", Style.GOOD);
  }

  /** Writes the state of a gray release. */
  static void show(CommandContext context, GrayRelease gray) throws InterruptedException {
    context.output().show(GrayShape.of(gray, gray.status()), OF_GRAY);
  }
}
