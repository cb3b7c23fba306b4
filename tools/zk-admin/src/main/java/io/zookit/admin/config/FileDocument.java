package io.zookit.admin.config;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.config.Namespace;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that was written, or could not be because its namespace cannot be read.
 *
 * @param file its path; null if it was not written
 * @param namespace whose content it has
 * @param problem why the namespace cannot be read; null if it can
 */
record FileDocument(
    @Nullable String file, String namespace, @Nullable String problem) {

  static final Layout<FileDocument> LAYOUT = Layout.of(
      document -> document.file == null ? document.namespace : document.file,
      new Column<>(
          "FILE",
          document -> document.file == null
              ? new Cell(document.namespace + " cannot be read: " + document.problem, Tone.BAD)
              : Cell.of(document.file)));

  static FileDocument of(Namespace ns, Path file) {
    return new FileDocument(file.toString(), ns.toString(), null);
  }

  static FileDocument unreadable(String namespace, String problem) {
    return new FileDocument(null, namespace, problem);
  }
}
