package io.zookit.core.internal.lineage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The data of servers, copied and put back as a backup tool does it. */
final class DataFolder {

  private DataFolder() {}

  static void delete(Path what) throws IOException {
    try (Stream<Path> all = Files.walk(what)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Copies a folder to one that does not exist. */
  static void copy(Path from, Path to) throws IOException {
    List<Path> all;
    try (Stream<Path> walked = Files.walk(from)) {
      all = walked.toList();
    }
    for (Path each : all) {
      try {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      } catch (NoSuchFileException e) {
        // a server that runs removes its temporary files, which are no part of a backup
        Files.deleteIfExists(to.resolve(from.relativize(each).toString()));
      }
    }
  }

  /** Replaces a folder by a copy. */
  static void restore(Path copy, Path folder) throws IOException {
    delete(folder);
    copy(copy, folder);
  }
}
