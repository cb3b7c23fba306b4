package io.zookit.chaos.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data of all servers, {@code version-2}, as a backup copies them: file by file, of servers that run or of servers that
 * are down.
 */
final class DataCopy {

  private static final String DATA = "version-2";

  private final List<Path> folders;
  private final Path backup;

  /**
   * Creates a backup that holds nothing.
   *
   * @param folders the data folder of each server
   * @param backup where copies go
   */
  DataCopy(List<Path> folders, Path backup) {
    this.folders = List.copyOf(folders);
    this.backup = backup;
  }

  /** Copies what the servers have now, in the place of an earlier copy. */
  void take() throws IOException {
    delete(backup);
    for (int server = 0; server < folders.size(); server++) {
      copy(folders.get(server).resolve(DATA), backup.resolve(String.valueOf(server)));
    }
  }

  /** Replaces what the servers have, which must be down. */
  void restore() throws IOException {
    for (int server = 0; server < folders.size(); server++) {
      Path data = folders.get(server).resolve(DATA);
      delete(data);
      copy(backup.resolve(String.valueOf(server)), data);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    List<Path> files;
    try (Stream<Path> all = Files.list(from)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      try {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
      } catch (NoSuchFileException e) {
        // a server that runs removes its temporary files, which are no part of a backup
        Files.deleteIfExists(to.resolve(from.relativize(file)));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
