package io.zookit.rules;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A little code base that breaks a rule, in one text file: sections headed {@code -- NAME --}, where a name is {@code
 * expected} (a headline of a finding each line), or a file below {@code main/} (compiled) or {@code test/} (only
 * parsed).
 */
final class Fixture {

  private static final Pattern HEADING = Pattern.compile("(?m)^-- (\\S+) --\n");
  private static final Path FOLDER = Checkout.rules().resolve("src/test/fixtures");

  private final Path work;
  private final Map<String, String> sections;

  private Fixture(String rule) throws IOException {
    this.work = Checkout.rules().resolve("target/fixtures").resolve(rule);
    this.sections = sections(Files.readString(FOLDER.resolve(rule + ".txt")));
  }

  /** The fixture of a rule. */
  static Fixture of(Rule rule) {
    try {
      Fixture fixture = new Fixture(rule.name());
      fixture.write();
      return fixture;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of all fixtures. */
  static List<String> names() {
    try (var files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString().replace(".txt", ""))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The headlines its rule must find. */
  List<String> expected() {
    String expected = sections.get("expected");
    if (expected == null || expected.isBlank()) {
      throw new IllegalStateException(work.getFileName() + ": expects nothing");
    }
    return expected.lines().toList();
  }

  /** Its code. */
  Code code() {
    Path classes = work.resolve("classes");
    List<Path> main = SourceFile.below(work.resolve("main"));
    if (!main.isEmpty()) {
      compile(main, classes);
    }
    return new Code(
        new ClassFileImporter().importPath(classes),
        SourceFile.parse(main),
        SourceFile.parse(SourceFile.below(work.resolve("test"))));
  }

  private static Map<String, String> sections(String text) {
    List<MatchResult> headings = HEADING.matcher(text).results().toList();
    Map<String, String> sections = new LinkedHashMap<>();
    for (int i = 0; i < headings.size(); i++) {
      int end = i + 1 < headings.size() ? headings.get(i + 1).start() : text.length();
      sections.put(headings.get(i).group(1), text.substring(headings.get(i).end(), end));
    }
    return sections;
  }

  private void write() throws IOException {
    delete(work);
    Files.createDirectories(work.resolve("classes"));
    for (Map.Entry<String, String> section : sections.entrySet()) {
      Path file = work.resolve(section.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, section.getValue());
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void compile(List<Path> sources, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of(
          "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
      boolean compiled = compiler
          .getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
          .call();
      if (!compiled) {
        throw new IllegalStateException(messages.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
