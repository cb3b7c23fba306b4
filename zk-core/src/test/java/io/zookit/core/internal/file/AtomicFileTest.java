package io.zookit.core.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir
  Path folder;

  @Test
  void write_missingFolder_createsFolderAndFile() throws IOException {
    Path file = folder.resolve("a/b/view");
    AtomicFile.write(file, new byte[] {1, 2});
    assertThat(file).hasBinaryContent(new byte[] {1, 2});
  }

  @Test
  void write_existingFile_replacesItAndLeavesNoOther() throws IOException {
    Path file = Files.writeString(folder.resolve("view"), "a longer content than the new one");
    AtomicFile.write(file, new byte[] {1});
    assertThat(file).hasBinaryContent(new byte[] {1});
    assertThat(names()).containsExactly("view");
  }

  @Test
  void write_anyFile_isReadableByItsOwnerOnly() throws IOException {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Path file = Files.writeString(folder.resolve("view"), "before");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    AtomicFile.write(file, new byte[] {1});
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void write_notReplaceable_failsAndKeepsWhatIsThere() throws IOException {
    Path file = Files.createDirectories(folder.resolve("view"));
    Files.writeString(file.resolve("child"), "kept");
    assertThatThrownBy(() -> AtomicFile.write(file, new byte[] {1}))
        .isInstanceOf(IOException.class);
    assertThat(file.resolve("child")).hasContent("kept");
    assertThat(names()).containsExactly("view");
  }

  @Test
  void write_severalAtOnce_leavesOneWholeContent() throws IOException {
    Path file = folder.resolve("view");
    List<byte[]> contents =
        IntStream.range(0, 8).mapToObj(i -> new byte[10_000 + i]).toList();
    contents.stream()
        .map(content -> CompletableFuture.runAsync(() -> write(file, content)))
        .toList()
        .forEach(CompletableFuture::join);
    assertThat(Files.size(file)).isBetween(10_000L, 10_007L);
    assertThat(names()).containsExactly("view");
  }

  private static void write(Path file, byte[] content) {
    try {
      AtomicFile.write(file, content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }
}
