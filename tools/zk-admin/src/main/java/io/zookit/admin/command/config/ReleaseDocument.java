package io.zookit.admin.command.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.admin.output.Style;
import io.zookit.config.GrayRelease;
import io.zookit.config.NamespaceState;
import io.zookit.config.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A release as programs see it.
 *
 * @param kind publish, rollback, promote or import
 * @param parent the release that was stable before; null for the first
 * @param restores the release whose content it has; null when it is its own
 */
public record ReleaseDocument(
    String namespace,
    int number,
    String kind,
    @Nullable Integer parent,
    @Nullable Integer restores,
    String format,
    String author,
    Instant at,
    String message,
    int keys,
    int size,
    String sha256) {

  private static final Layout<ReleaseDocument> LAYOUT =
      Layout.ofPage(release -> String.valueOf(release.number), ReleaseDocument::page);

  static ReleaseDocument of(Release release) {
    return new ReleaseDocument(
        release.namespace().toString(),
        release.number(),
        DisplayText.of(release.kind()),
        DisplayText.orNull(release.parent()),
        DisplayText.orNull(release.restores()),
        DisplayText.of(release.format()),
        release.author(),
        release.at(),
        release.message(),
        release.keys(),
        release.size(),
        release.sha256());
  }

  /** Its kind, and the release whose content it has. */
  String origin() {
    return kind + (restores == null ? "" : " of " + restores);
  }

  /** Writes what is known of a release. */
  public static void show(CommandContext context, Release release) {
    context.output().show(of(release), LAYOUT);
  }

  private Page page() {
    return Page.of(namespace + " release " + number)
        .field("kind", origin())
        .field("before", parent == null ? "nothing" : parent)
        .field("format", format)
        .field("keys", keys)
        .field("bytes", size)
        .field("sha256", sha256)
        .field("by", author)
        .field("at", DisplayText.seconds(at))
        .optional("message", message);
  }

  /**
   * A release in the log of its namespace, as programs see it.
   *
   * @param release with its fields next to {@code marks}
   * @param marks what the release is now: {@code stable}, {@code gray NAME}, {@code voted on}, {@code pinned}; empty for a
   *     release of the past
   */
  record LoggedDocument(@JsonUnwrapped ReleaseDocument release, List<String> marks) {

    static final Layout<LoggedDocument> LAYOUT = Layout.of(
        logged -> String.valueOf(logged.release.number()),
        Column.of("RELEASE", logged -> logged.release.number()),
        new Column<>("NOW", LoggedDocument::now),
        Column.of("KIND", logged -> logged.release.origin()),
        Column.of("KEYS", logged -> logged.release.keys()),
        Column.of("BYTES", logged -> logged.release.size()),
        Column.of("BY", logged -> logged.release.author()),
        Column.of("AT", logged -> DisplayText.seconds(logged.release.at())),
        Column.of("MESSAGE", logged -> logged.release.message()));

    static LoggedDocument of(Release release, NamespaceState state, List<GrayRelease> grays) {
      List<String> marks = new ArrayList<>();
      if (state.stable().isPresent() && state.stable().getAsInt() == release.number()) {
        marks.add("stable");
      }
      grays.stream()
          .filter(gray -> gray.release() == release.number())
          .forEach(gray -> marks.add("gray " + gray.name()));
      if (state.candidate().isPresent() && state.candidate().getAsInt() == release.number()) {
        marks.add("voted on");
      }
      if (state.pins().contains(release.number())) {
        marks.add("pinned");
      }
      return new LoggedDocument(ReleaseDocument.of(release), List.copyOf(marks));
    }

    private static Cell now(LoggedDocument logged) {
      return new Cell(
          DisplayText.list(logged.marks), logged.marks.contains("stable") ? Style.GOOD : Style.ODD);
    }
  }
}
