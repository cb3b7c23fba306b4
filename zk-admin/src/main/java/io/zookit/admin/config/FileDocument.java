package io.zookit.admin.config;

import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import java.nio.file.Path;

/**
 * A file that was written.
 *
 * @param file its path
 */
record FileDocument(String file) {

  static final Layout<FileDocument> LAYOUT =
      Layout.of(FileDocument::file, Column.of("FILE", FileDocument::file));

  static FileDocument of(Path file) {
    return new FileDocument(file.toString());
  }
}
