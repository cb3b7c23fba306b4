package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The effect that a publish would have, as programs see it.
 *
 * @param number the release it would create
 * @param base the release that is stable now; 0 for none
 * @param unchanged whether it would create no release
 * @param instances the number of live instances that would get it
 * @param problems the reasons for which it would be refused
 */
record PublishPreviewDocument(
    String namespace,
    int number,
    int base,
    boolean unchanged,
    int instances,
    List<String> problems,
    List<DiffDocument.KeyLine> keys,
    List<String> unified) {

  static PublishPreviewDocument of(Namespace ns, PublishPreview preview) {
    return new PublishPreviewDocument(
        ns.toString(),
        preview.number(),
        preview.base(),
        preview.unchanged(),
        preview.instances(),
        preview.problems(),
        DiffDocument.KeyLine.of(preview.diff()),
        preview.diff().unified());
  }

  /** Determines what publishing contents would change. */
  static List<PublishPreviewDocument> ofAll(ConfigStore store, Map<Namespace, Content> contents)
      throws InterruptedException {
    List<PublishPreviewDocument> previews = new ArrayList<>();
    for (Map.Entry<Namespace, Content> each : contents.entrySet()) {
      previews.add(of(each.getKey(), store.preview(each.getKey(), each.getValue())));
    }
    return previews;
  }

  /** Writes a preview above lines of its difference; returns the exit code that says whether it could be published. */
  static ExitCode show(
      CommandContext context, Namespace ns, PublishPreview preview, List<Cell> lines) {
    context.output().show(of(ns, preview), layout(lines));
    return preview.problems().isEmpty() ? ExitCode.OK : ExitCode.REJECTED;
  }

  /** Layout of a preview, above the lines of its difference. */
  static Layout<PublishPreviewDocument> layout(List<Cell> lines) {
    return Layout.of(
            PublishPreviewDocument::namespace,
            Column.of("NAMESPACE", PublishPreviewDocument::namespace),
            Column.of("RELEASE", PublishPreviewDocument::number),
            Column.<PublishPreviewDocument>of("CHANGED KEYS", preview -> preview.keys.size()),
            Column.of("INSTANCES", PublishPreviewDocument::instances),
            new Column<>("RESULT", PublishPreviewDocument::result))
        .withPage(preview -> Page.of(preview.namespace)
            .field("would be", "release " + preview.number + " on top of " + preview.base)
            .field("instances", preview.instances)
            .field("result", preview.result())
            .text(lines));
  }

  private Cell result() {
    if (!problems.isEmpty()) {
      return new Cell("refused: " + String.join("; ", problems), Style.BAD);
    }
    return unchanged ? Cell.of("unchanged") : new Cell("can be published", Style.GOOD);
  }
}
