package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Page;
import io.zookit.config.Release;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A release as programs see it.
 *
 * @param kind publish, rollback, promote or import
 * @param parent the release that was stable before; null for the first
 * @param restores the release whose content it has; null when it is its own
 */
record ReleaseDocument(
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

  static final Layout<ReleaseDocument> LAYOUT = new Lines();

  static ReleaseDocument of(Release release) {
    return new ReleaseDocument(
        release.namespace().toString(),
        release.number(),
        Words.of(release.kind()),
        Words.orNull(release.parent()),
        Words.orNull(release.restores()),
        Words.of(release.format()),
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

  /** Layout of a release. */
  private static final class Lines implements Layout<ReleaseDocument> {

    @Override
    public String name(ReleaseDocument release) {
      return String.valueOf(release.number);
    }

    @Override
    public List<Column<ReleaseDocument>> columns() {
      return List.of(
          Column.of("RELEASE", ReleaseDocument::number),
          Column.of("KIND", ReleaseDocument::origin),
          Column.of("KEYS", ReleaseDocument::keys),
          Column.of("BYTES", ReleaseDocument::size),
          Column.of("BY", ReleaseDocument::author),
          Column.of("AT", release -> Words.seconds(release.at)),
          Column.of("MESSAGE", ReleaseDocument::message));
    }

    @Override
    public Page page(ReleaseDocument release) {
      Page page = Page.of(release.namespace + " release " + release.number)
          .field("kind", release.origin())
          .field("before", release.parent == null ? "nothing" : release.parent)
          .field("format", release.format)
          .field("keys", release.keys)
          .field("bytes", release.size)
          .field("sha256", release.sha256)
          .field("by", release.author)
          .field("at", Words.seconds(release.at));
      return release.message.isEmpty() ? page : page.field("message", release.message);
    }
  }
}
