package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.config.Namespace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Releases or contents that may be removed.
 *
 * @param place a namespace, or an environment
 * @param kind releases, or contents
 * @param problem the reason the place cannot be read, so that nothing of it is removed; null if it can be read
 */
record RemovedDocument(
    String place,
    String kind,
    int count,
    List<String> names,
    @Nullable String problem) {

  static final Layout<RemovedDocument> LAYOUT = Layout.of(
      RemovedDocument::place,
      Column.of("PLACE", RemovedDocument::place),
      Column.of("KIND", RemovedDocument::kind),
      Column.of("COUNT", RemovedDocument::count),
      new Column<>("NAMES", RemovedDocument::told));

  static RemovedDocument releases(Namespace ns, List<Integer> numbers) {
    return new RemovedDocument(
        ns.toString(),
        "releases",
        numbers.size(),
        numbers.stream().map(String::valueOf).toList(),
        null);
  }

  static RemovedDocument blobs(String env, List<String> names) {
    return new RemovedDocument(env, "contents", names.size(), names, null);
  }

  static RemovedDocument unreadable(String place, String kind, String problem) {
    return new RemovedDocument(place, kind, 0, List.of(), problem);
  }

  private static Cell told(RemovedDocument removed) {
    return removed.problem == null
        ? Cell.of(Words.list(removed.names))
        : new Cell("cannot be read: " + removed.problem, Tone.BAD);
  }
}
