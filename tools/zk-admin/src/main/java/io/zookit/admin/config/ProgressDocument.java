package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;

/**
 * The result of an advance, as programs see it.
 *
 * @param progress holding, stepped, promoted or aborted
 */
record ProgressDocument(String namespace, String name, int release, String progress) {

  static final Layout<ProgressDocument> LAYOUT = Layout.of(
      ProgressDocument::name,
      Column.of("GRAY", ProgressDocument::name),
      Column.of("RELEASE", ProgressDocument::release),
      new Column<>("PROGRESS", each -> new Cell(each.progress, tone(each.progress))));

  private static Tone tone(String progress) {
    return switch (progress) {
      case "aborted" -> Tone.BAD;
      case "holding" -> Tone.ODD;
      default -> Tone.GOOD;
    };
  }
}
