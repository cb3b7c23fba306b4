package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.config.History;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A change as programs see it.
 *
 * @param action what was done
 * @param release the release it concerns; null when none
 * @param removed number and hash of each release it removed
 * @param aborted the gray releases that it ended beside what it did
 */
record EntryDocument(
    long epoch,
    long revision,
    String action,
    @Nullable Integer release,
    String author,
    Instant at,
    String message,
    Map<String, String> removed,
    List<String> aborted) {

  static final Layout<EntryDocument> LAYOUT = Layout.of(
      entry -> String.valueOf(entry.revision),
      Column.of("REVISION", EntryDocument::revision),
      Column.of("ACTION", EntryDocument::action),
      Column.of("RELEASE", entry -> Words.orBlank(entry.release)),
      Column.of("BY", EntryDocument::author),
      Column.of("AT", entry -> Words.seconds(entry.at)),
      Column.of("MESSAGE", EntryDocument::told));

  private String told() {
    String ended = aborted.isEmpty() ? "" : "(ended gray " + String.join(", ", aborted) + ")";
    return message.isEmpty() || ended.isEmpty() ? message + ended : message + " " + ended;
  }

  static EntryDocument of(History.Entry entry) {
    return new EntryDocument(
        entry.epoch(),
        entry.revision(),
        Words.of(entry.action()),
        Words.orNull(entry.release()),
        entry.author(),
        entry.at(),
        entry.message(),
        new TreeMap<>(entry.removed()),
        entry.aborted());
  }
}
