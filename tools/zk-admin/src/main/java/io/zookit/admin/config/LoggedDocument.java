package io.zookit.admin.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.config.GrayRelease;
import io.zookit.config.NamespaceState;
import io.zookit.config.Release;
import java.util.ArrayList;
import java.util.List;

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
      Column.of("AT", logged -> Words.seconds(logged.release.at())),
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
        Words.list(logged.marks), logged.marks.contains("stable") ? Tone.GOOD : Tone.ODD);
  }
}
