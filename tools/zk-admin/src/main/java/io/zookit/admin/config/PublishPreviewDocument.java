package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.admin.shell.Tone;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import java.util.List;

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
    DiffDocument diff = DiffDocument.of(ns, "", "", preview.diff());
    return new PublishPreviewDocument(
        ns.toString(),
        preview.number(),
        preview.base(),
        preview.unchanged(),
        preview.instances(),
        preview.problems(),
        diff.keys(),
        diff.unified());
  }

  /** Layout of a preview, above the lines of its difference. */
  record Lines(List<Cell> lines) implements Layout<PublishPreviewDocument> {

    @Override
    public String name(PublishPreviewDocument preview) {
      return preview.namespace;
    }

    @Override
    public List<Column<PublishPreviewDocument>> columns() {
      return List.of(
          Column.of("NAMESPACE", PublishPreviewDocument::namespace),
          Column.of("RELEASE", PublishPreviewDocument::number),
          Column.of("CHANGED KEYS", preview -> preview.keys.size()),
          Column.of("INSTANCES", PublishPreviewDocument::instances),
          new Column<>("RESULT", Lines::result));
    }

    private static Cell result(PublishPreviewDocument preview) {
      if (!preview.problems.isEmpty()) {
        return new Cell("refused: " + String.join("; ", preview.problems), Tone.BAD);
      }
      return preview.unchanged ? Cell.of("unchanged") : new Cell("can be published", Tone.GOOD);
    }

    @Override
    public Page page(PublishPreviewDocument preview) {
      Page page = Page.of(preview.namespace)
          .field("would be", "release " + preview.number + " on top of " + preview.base)
          .field("instances", preview.instances)
          .field("result", result(preview));
      return page.text(lines);
    }
  }
}
