package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.Namespace;
import java.util.List;

/**
 * What may be removed.
 *
 * @param place a namespace, or an environment
 * @param kind releases, or contents
 */
record RemovedDocument(String place, String kind, int count, List<String> names) {

  static final Layout<RemovedDocument> LAYOUT = Layout.of(
      RemovedDocument::place,
      Column.of("PLACE", RemovedDocument::place),
      Column.of("KIND", RemovedDocument::kind),
      Column.of("COUNT", RemovedDocument::count),
      Column.of("NAMES", removed -> Words.list(removed.names)));

  static RemovedDocument releases(Namespace ns, List<Integer> numbers) {
    return new RemovedDocument(
        ns.toString(),
        "releases",
        numbers.size(),
        numbers.stream().map(String::valueOf).toList());
  }

  static RemovedDocument blobs(String env, List<String> names) {
    return new RemovedDocument(env, "contents", names.size(), names);
  }
}
