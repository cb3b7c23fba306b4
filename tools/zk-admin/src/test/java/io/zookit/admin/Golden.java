package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that commands must write verbatim, in {@code src/test/resources/golden}. Values that differ from run to run are
 * first replaced by words: times, ages, tokens, process ids. With {@code -Dzookit.golden=write} the texts are rewritten.
 */
final class Golden {

  private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

  private Golden() {}

  /** Compares what a command wrote, but for what differs from run to run. */
  static void check(String name, String written) {
    exact(name, steady(written));
  }

  /** Compares what a command wrote, to the last blank. */
  static void exact(String name, String steady) {
    Path file = FOLDER.resolve(name);
    try {
      if ("write".equals(System.getProperty("zookit.golden"))) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, steady);
      }
      assertThat(steady).as(name).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Columns keep their order and lose their width, for that depends on what is in them. */
  private static String steady(String text) {
    return text.replaceAll("[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{8}", "TOKEN")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?(\\.\\d+)?Z", "TIME")
        .replaceAll("(\"?)node(\"?): ?(\"?)[a-z][0-9a-z_]+-\\d{10}(\"?)", "$1node$2: $3NODE$4")
        .replaceAll("\\b[0-9a-f]{64}\\b", "SHA256")
        .replaceAll("\"incarnation\": \"[^\"]*\"", "\"incarnation\": \"LIFE\"")
        .replaceAll("\\b" + ProcessHandle.current().pid() + "\\b", "PID")
        .replaceAll("(?<![\\w.])(\\d+d \\d+h|\\d+h \\d+m|\\d+m \\d+s|\\d+s)(?![\\w.])", "AGE")
        .replaceAll("\\b(127\\.0\\.0\\.1|localhost):\\d{2,5}\\b", "HOST:PORT")
        .replaceAll("(?<=\\S) {3,}(?=\\S)", "   ");
  }
}
